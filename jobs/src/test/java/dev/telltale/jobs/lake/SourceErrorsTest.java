package dev.telltale.jobs.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SourceErrorsTest {
  /** Which of Parquet's failures a damaged file gives depends on its bytes. */
  @Test
  void theFileIsNamedAndNotTheClassThatReadsIt() {
    RuntimeException failure =
        new IllegalStateException(
            "Encountered error while reading file file:/lake/t/part-0.snappy.parquet. Details:",
            new IOException(
                "can not read class org.apache.parquet.format.PageHeader: Socket is closed"));

    assertThat(SourceErrors.translate(failure))
        .hasMessageContaining("A data file cannot be read: file:/lake/t/part-0.snappy.parquet: ");
  }
}
