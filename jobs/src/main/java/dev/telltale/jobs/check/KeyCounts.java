package dev.telltale.jobs.check;

import dev.telltale.check.CheckResult;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What is known of the keys of one item, of a bucket or of all. Crosses from executors, hence a
 * class and not a record.
 */
final class KeyCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Number of the item. */
  final int item;

  /** Rows. */
  long rows;

  /** Different keys. */
  long keys;

  /** Rows whose key is that of another row. */
  long repeated;

  /** Different keys that belong to no member. */
  long outside;

  /** Rows of the most common key. */
  long most;

  /** Members that some key belongs to. */
  final BitSet members = new BitSet();

  /** Most common keys. */
  final ArrayList<byte[]> mostCommon = new ArrayList<>();

  /** Some keys that belong to no member; of LISTED all keys. */
  final ArrayList<byte[]> listed = new ArrayList<>();

  /** Rows of the listed keys. */
  final ArrayList<Long> counts = new ArrayList<>();

  /** Rows that are shown: keys, and ids at the same places. */
  final ArrayList<byte[]> shown = new ArrayList<>();

  /** Ids of the rows that are shown. */
  final ArrayList<byte[]> ids = new ArrayList<>();

  KeyCounts(int item) {
    this.item = item;
  }

  /** One key in a bucket. */
  private static final class Key {
    private final byte[] bytes;
    private final int member;
    private long rows;
    private byte[] firstId;
    private List<byte[]> moreIds;

    Key(byte[] bytes, int member) {
      this.bytes = bytes;
      this.member = member;
    }

    void add(long count, byte[] id) {
      rows += count;
      if (id.length == 0) {
        return;
      }
      if (firstId == null) {
        firstId = id;
        return;
      }
      if (moreIds == null) {
        moreIds = new ArrayList<>();
      }
      if (moreIds.size() < CheckResult.PARTIAL) {
        moreIds.add(id);
      }
    }
  }

  /** Counts the keys of a bucket, whatever the order in which its blocks have come. */
  static List<KeyCounts> of(KeyPlan plan, int bucket, Iterable<byte[]> blocks) {
    List<byte[]> ordered = new ArrayList<>();
    blocks.forEach(ordered::add);
    ordered.sort(KeyBlock::compare);
    return bucket < 0 ? shown(ordered) : counted(plan, ordered);
  }

  private static List<KeyCounts> shown(List<byte[]> blocks) {
    Map<Integer, KeyCounts> byItem = new HashMap<>();
    for (byte[] block : blocks) {
      KeyBlock.read(
          block,
          (item, rows, member, key, id) ->
              byItem.computeIfAbsent(item, KeyCounts::new).show(key, id));
    }
    return List.copyOf(byItem.values());
  }

  private static List<KeyCounts> counted(KeyPlan plan, List<byte[]> blocks) {
    List<Map<ByteBuffer, Key>> byItem = new ArrayList<>();
    List<long[]> twice = new ArrayList<>();
    for (int i = 0; i < plan.items().size(); i++) {
      byItem.add(new HashMap<>());
      twice.add(plan.items().get(i).use == KeyPlan.Use.REPEATED ? twice(blocks, i) : null);
    }
    boolean none = twice.stream().allMatch(hashes -> hashes != null && hashes.length == 0);
    for (byte[] block : none ? List.<byte[]>of() : blocks) {
      KeyBlock.read(
          block,
          (item, rows, member, key, id) -> {
            long[] wanted = twice.get(item);
            if (wanted == null
                || Arrays.binarySearch(wanted, KeyBlock.hash(key, 0, key.length)) >= 0) {
              byItem
                  .get(item)
                  .computeIfAbsent(ByteBuffer.wrap(key), absent -> new Key(key, member))
                  .add(rows, Arrays.equals(id, KeyText.KEY) ? key : id);
            }
          });
    }
    List<KeyCounts> counts = new ArrayList<>();
    for (int i = 0; i < byItem.size(); i++) {
      if (!byItem.get(i).isEmpty()) {
        counts.add(of(i, plan.items().get(i).use, new ArrayList<>(byItem.get(i).values())));
      }
    }
    return counts;
  }

  /** Hashes that come twice, ascending: only their keys can be repeated, and most keys are not. */
  private static long[] twice(List<byte[]> blocks, int item) {
    LongStream.Builder all = LongStream.builder();
    blocks.forEach(block -> KeyBlock.hashes(block, item, all::add));
    long[] hashes = all.build().sorted().toArray();
    return IntStream.range(1, hashes.length)
        .filter(i -> hashes[i] == hashes[i - 1])
        .mapToLong(i -> hashes[i])
        .distinct()
        .toArray();
  }

  private static KeyCounts of(int item, KeyPlan.Use use, List<Key> keys) {
    KeyCounts counts = new KeyCounts(item);
    List<Key> repeated = new ArrayList<>();
    List<Key> listed = new ArrayList<>();
    List<Key> common = new ArrayList<>();
    for (Key key : keys) {
      counts.rows += key.rows;
      counts.keys++;
      if (key.member > 0) {
        counts.members.set(key.member);
      } else {
        counts.outside++;
      }
      if (use == KeyPlan.Use.LISTED || (use == KeyPlan.Use.COUNTED && key.member == 0)) {
        listed.add(key);
      }
      if (key.rows > 1) {
        counts.repeated += key.rows;
        if (use == KeyPlan.Use.REPEATED) {
          repeated.add(key);
        }
      }
      if (key.rows > counts.most) {
        counts.most = key.rows;
        common.clear();
      }
      if (key.rows == counts.most && use == KeyPlan.Use.COUNTED) {
        common.add(key);
      }
    }
    first(repeated).forEach(counts::show);
    first(common).forEach(key -> counts.mostCommon.add(key.bytes));
    (use == KeyPlan.Use.LISTED ? listed : first(listed))
        .forEach(
            key -> {
              counts.listed.add(key.bytes);
              counts.counts.add(key.rows);
            });
    return counts;
  }

  private static List<Key> first(List<Key> keys) {
    return keys.stream()
        .sorted(Comparator.comparing((Key key) -> key.bytes, Arrays::compareUnsigned))
        .limit(CheckResult.PARTIAL)
        .toList();
  }

  private void show(Key key) {
    if (key.firstId == null) {
      for (int i = 0; i < Math.min(key.rows, CheckResult.PARTIAL); i++) {
        show(key.bytes, new byte[0]);
      }
      return;
    }
    show(key.bytes, key.firstId);
    if (key.moreIds != null) {
      key.moreIds.forEach(id -> show(key.bytes, id));
    }
  }

  private void show(byte[] key, byte[] id) {
    if (shown.size() < CheckResult.PARTIAL) {
      shown.add(key);
      ids.add(id);
    }
  }

  /** Adds what is known of other keys of the same item. */
  void add(KeyCounts other) {
    rows += other.rows;
    keys += other.keys;
    repeated += other.repeated;
    outside += other.outside;
    members.or(other.members);
    if (other.most > most) {
      most = other.most;
      mostCommon.clear();
    }
    if (other.most == most) {
      mostCommon.addAll(other.mostCommon);
    }
    listed.addAll(other.listed);
    counts.addAll(other.counts);
    shown.addAll(other.shown);
    ids.addAll(other.ids);
  }
}
