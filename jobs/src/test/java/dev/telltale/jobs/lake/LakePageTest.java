package dev.telltale.jobs.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;

/** The page on the lake names every table and column as the schemas do. */
class LakePageTest {
  private static final Path PAGE = Path.of("../docs/lake.md");

  @Test
  void everyTableAndColumnIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    for (Tables table : Tables.values()) {
      assertThat(page).as(table.tableName() + " in docs/lake.md").contains(section(table));
    }
  }

  /** What the page says of a table. */
  static String section(Tables table) {
    StringBuilder section = new StringBuilder("## " + table.tableName() + "\n\n" + table.comment());
    if (!table.partitionColumns().isEmpty()) {
      section.append(" Partitioned by `");
      section.append(String.join("`, `", table.partitionColumns())).append("`.");
    }
    section.append("\n\n| column | type | meaning |\n|---|---|---|\n");
    for (StructField field : table.schema().fields()) {
      section
          .append("| `")
          .append(field.name())
          .append("` | ")
          .append(field.dataType().catalogString())
          .append(" | ")
          .append(field.getComment().get().replace("|", "\\|"))
          .append(" |\n");
    }
    return section.toString();
  }
}
