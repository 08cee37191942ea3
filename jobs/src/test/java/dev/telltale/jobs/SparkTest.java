package dev.telltale.jobs;

import dev.telltale.jobs.lake.Sessions;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;

/** A real local Spark with Delta, one for all tests of the JVM. */
public abstract class SparkTest {
  /** The session. */
  protected static SparkSession spark;

  @BeforeAll
  static void openSession() {
    System.setProperty("spark.master", "local[2]");
    spark = Sessions.open("telltale-test");
  }
}
