package dev.telltale.jobs.cli;

import dev.telltale.jobs.night.NightProgress;
import dev.telltale.jobs.night.NightRunner;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** A bar on standard error: jobs done, the job that runs, and how many tasks it has finished. */
final class TerminalProgress extends SparkListener implements NightProgress, AutoCloseable {
  private static final int REFRESH_MILLIS = 500;

  private final SparkContext spark;
  private final ProgressBar bar;
  private String job = "";
  private int tasks;

  TerminalProgress(SparkContext spark, int jobs) {
    this.spark = spark;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName("telltale")
            .setInitialMax(jobs)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REFRESH_MILLIS)
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .clearDisplayOnFinish()
            .build();
    spark.addSparkListener(this);
  }

  @Override
  public synchronized void started(String name, int index, int jobs) {
    job = name;
    tasks = 0;
    bar.setExtraMessage(name);
  }

  @Override
  public void finished(NightRunner.Outcome outcome) {
    bar.step();
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    tasks++;
    bar.setExtraMessage(job + ", " + tasks + " tasks");
  }

  @Override
  public void close() {
    spark.removeSparkListener(this);
    bar.close();
  }
}
