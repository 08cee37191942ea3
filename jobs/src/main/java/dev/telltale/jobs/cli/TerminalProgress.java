package dev.telltale.jobs.cli;

import dev.telltale.jobs.Progress;
import java.util.function.Function;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Model.CommandSpec;

/** A bar on standard error: steps done, the step that runs, and how many tasks it has finished. */
final class TerminalProgress extends SparkListener implements Progress, AutoCloseable {
  private static final int REFRESH_MILLIS = 500;

  private final SparkContext spark;
  private final ProgressBar bar;
  private String step = "";
  private int tasks;

  private TerminalProgress(SparkContext spark) {
    this.spark = spark;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName("telltale")
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REFRESH_MILLIS)
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .clearDisplayOnFinish()
            .build();
    spark.addSparkListener(this);
  }

  /** Does {@code work}, with a bar if a person looks. */
  static <T> T show(CommandSpec command, SparkSession spark, Function<Progress, T> work) {
    if (!Main.context(command).terminal()) {
      return work.apply(Progress.SILENT);
    }

    try (TerminalProgress progress = new TerminalProgress(spark.sparkContext())) {
      return work.apply(progress);
    }
  }

  @Override
  public synchronized void started(String name, int done, int steps) {
    step = name;
    tasks = 0;
    bar.maxHint(steps);
    bar.stepTo(done);
    bar.setExtraMessage(name);
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    tasks++;
    bar.setExtraMessage(step + ", " + tasks + " tasks");
  }

  @Override
  public void close() {
    spark.removeSparkListener(this);
    bar.close();
  }
}
