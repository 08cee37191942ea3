package dev.telltale.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyBlockTest {
  @Test
  void whatIsAddedIsRead() {
    KeyBlock block = new KeyBlock(3, 7);
    block.add(1, 5, 2, bytes("key"), bytes("an id"));
    block.add(0, 1, 0, bytes(""), bytes(""));
    block.add(1, 1, 0, bytes("x".repeat(1000)), bytes("other"));
    List<String> read = new ArrayList<>();
    KeyBlock.read(
        block.take(),
        (item, rows, member, key, id) ->
            read.add(
                item
                    + " "
                    + rows
                    + " "
                    + member
                    + " "
                    + key.length
                    + " "
                    + new String(id, StandardCharsets.UTF_8)));
    assertThat(read).containsExactly("1 5 2 3 an id", "0 1 0 0 ", "1 1 0 1000 other");
    List<Long> hashes = new ArrayList<>();
    KeyBlock.hashes(block.take(), 1, hashes::add);
    assertThat(hashes)
        .containsExactly(
            KeyBlock.hash(bytes("key"), 0, 3), KeyBlock.hash(bytes("x".repeat(1000)), 0, 1000));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
