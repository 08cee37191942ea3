package dev.telltale.error;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Words every error that a user can cause: one method per error; problem, why, fix. */
public final class Errors {
  private Errors() {}

  /** A flag, a key or a value that cannot be used (exit 2). */
  public static TelltaleException usage(String problem, String why, String fix) {
    return new TelltaleException(ExitCode.USAGE, problem, why, fix, null);
  }

  /** Input that is missing or cannot be read (exit 3). */
  public static TelltaleException input(String problem, String why, String fix, Throwable cause) {
    return new TelltaleException(ExitCode.INPUT, problem, why, fix, cause);
  }

  /** {@code --from} is not before {@code --to}. */
  public static TelltaleException emptyInterval(String from, String to) {
    return usage(
        "--from " + from + " is not before --to " + to + ".",
        "The interval is half-open: it starts at --from and ends just before --to.",
        "Give a later --to, for example one day after --from.");
  }

  /** Configuration files with problems, each as {@code FILE:LINE: text}. */
  public static TelltaleException configuration(List<String> problems) {
    return usage(
        String.join("\n", problems),
        "The published schema does not allow it.",
        "Correct the lines named above; docs/configuration.md explains every key.");
  }

  /** {@code --from} or {@code --to} is missing. */
  public static TelltaleException missingInterval(String missing) {
    return usage(
        "Missing " + missing + ".",
        "A job never reads the clock to decide what to compute.",
        "Give both as ISO-8601 dates or instants in UTC, half-open:"
            + " --from 2001-03-01 --to 2001-03-02 is the first of March.");
  }

  /** A date or instant that cannot be read. */
  public static TelltaleException notAnInstant(String option, String value) {
    return usage(
        option + " " + value + " is no date and no instant.",
        "Times are ISO-8601; without an offset they are UTC.",
        "Write 2001-03-01, 2001-03-01T06:00:00Z or 2001-03-01T06:00:00+01:00.");
  }

  /** A setting from outside the command line that cannot be used. */
  public static TelltaleException badVariable(String name, String value, String allowed) {
    return usage(
        "The environment variable " + name + " is " + value + ".",
        "It must be " + allowed + ".",
        "Correct or unset it.");
  }

  /** A result file that cannot be written. */
  public static TelltaleException resultFile(String file, Throwable cause) {
    return usage(
        "Cannot write the result file " + file + ".",
        String.valueOf(cause),
        "Give --result-file a path in a directory that this user may write.");
  }

  /** Arguments that the command does not understand. */
  public static TelltaleException arguments(String problem, String command, String suggestion) {
    return usage(
        problem.endsWith(".") ? problem : problem + ".",
        "The command line of " + command + " does not fit what it accepts.",
        suggestion + command + " --help lists what it accepts.");
  }

  /** {@code --config} names nothing. */
  public static TelltaleException noConfiguration(String location) {
    return usage(
        "There is no configuration at " + location + ".",
        "It is neither a directory with models/*.yaml nor a model file.",
        "Give the directory or the file with --config or TELLTALE_CONFIG.");
  }

  /** A configuration without a model. */
  public static TelltaleException noModels(String location) {
    return usage(
        "There is no model in " + location + ".",
        "The directory has no file models/*.yaml.",
        "Declare the model in " + location + "/models/NAME.yaml; docs/configuration.md shows one.");
  }

  /** A configuration that cannot be read. */
  public static TelltaleException unreadableConfiguration(String location, Throwable cause) {
    return usage(
        "Cannot read the configuration " + location + ".",
        String.valueOf(cause.getMessage()),
        "Check that the file exists, is UTF-8 text and may be read by this user.");
  }

  /** Several models and no {@code --model}. */
  public static TelltaleException whichModel(String location, List<String> models) {
    return usage(
        "Which model? There are " + models.size() + " in " + location + ".",
        "A job works for one model.",
        "Give one with --model: " + String.join(", ", models) + ".");
  }

  /** {@code --model} names no model. */
  public static TelltaleException unknownModel(String model, String location, List<String> models) {
    return usage(
        "There is no model " + model + " in " + location + NearestName.hint(model, models),
        "No model file there declares it.",
        "Give one of: " + String.join(", ", models) + ".");
  }

  /** A data set does not have a column that was asked for. */
  public static TelltaleException noSuchColumn(
      String name, String hint, String data, String columns) {
    return usage(
        "There is no column " + name + " in " + data + hint,
        "Its columns are " + columns + ".",
        "Correct the name.");
  }

  /** Weights that are no weights. */
  public static TelltaleException badWeights(String column, long bad, long rows) {
    return input(
        String.format(
            java.util.Locale.ROOT,
            "%,d of %,d weights in column %s are negative, missing or infinite.",
            bad,
            rows,
            column),
        "A weight says how many rows its row stands for.",
        "Correct or leave out these rows; without the weight every row counts once.",
        null);
  }

  /** Two files declare the same model. */
  public static TelltaleException duplicateModel(String model, String first, String second) {
    return usage(
        "The model " + model + " is declared twice: in " + first + " and in " + second + ".",
        "Rows of both would carry the same model_id.",
        "Give one of them another id, or remove it.");
  }

  /** A result table is missing. */
  public static TelltaleException lakeNotInitialised(String lake, String table) {
    return input(
        "The lake " + lake + " has no table " + table + ".",
        "Result tables are created by init only, so that concurrent jobs never race to create one.",
        "Run: telltale init --lake " + lake,
        null);
  }

  /** A table that is not there, or is no Delta table. */
  public static TelltaleException missingTable(String table) {
    return input(
        "There is no Delta table " + table + ".",
        "Nothing is there, or it is not in the Delta format.",
        "Check the name in the model file; a relative path starts at the lake.",
        null);
  }

  /** A place where no table can be created. */
  public static TelltaleException notWritable(String what, Throwable cause) {
    return input(
        "A table cannot be created: " + what,
        "The place is no directory, or this user may not write there.",
        "Give another directory with --lake, or mend this one.",
        cause);
  }

  /** A version of a table that can no longer be read. */
  public static TelltaleException versionGone(String table, long version, Throwable cause) {
    return input(
        "Version " + version + " of " + table + " cannot be read.",
        String.valueOf(cause.getMessage()).lines().findFirst().orElse(""),
        "Use a version that the table still keeps (DESCRIBE HISTORY), and raise its"
            + " delta.logRetentionDuration and delta.deletedFileRetentionDuration.",
        cause);
  }

  /** The process was told to stop. */
  public static TelltaleException interrupted() {
    return input(
        "Interrupted while waiting to write.",
        "The process was told to stop.",
        "Run it again: nothing was half-written.",
        null);
  }

  /** An alert that is not there, or not open. */
  public static TelltaleException unknownAlert(String alertId, List<String> openIds) {
    return usage(
        "No open alert has the id " + alertId + NearestName.hint(alertId, openIds) + ".",
        openIds.isEmpty()
            ? "No alert is open."
            : openIds.size() + " alerts are open; this one has closed, or never was.",
        "Run telltale alerts list for the open ones, and give an id, or a beginning that only one has.");
  }

  /** An acknowledgement without a name. */
  public static TelltaleException acknowledgedByNobody() {
    return usage(
        "The acknowledgement has no name.",
        "--by is empty, and an alert that nobody owns is not acknowledged.",
        "Give your name: --by NAME.");
  }

  /** A gate before the alerts of the interval are known. */
  public static TelltaleException alertsNotComputed(String model, String from, String to) {
    return input(
        "The alerts of " + model + " from " + from + " to " + to + " are not known.",
        "No successful run of the job alerts covers this interval.",
        "Run: telltale alerts --model " + model + " --from " + from + " --to " + to,
        null);
  }

  /** Alert rules under which no alert could open, or one would close at once. */
  public static TelltaleException alertPolicy(String values) {
    return usage(
        "The alert rules cannot work: " + values + ".",
        "An alert opens when `required` of the last `windows` windows have the finding, and closes"
            + " after `close-after` windows without it.",
        "In the model file give 1 <= required <= windows, close-after >= 1 and cool-down >= 0.");
  }

  /** Files that may not be read or written. */
  public static TelltaleException forbidden(String detail, Throwable cause) {
    return input(
        "A table cannot be read or written: " + detail,
        "The user that runs Telltale has no permission.",
        "Grant access to the path, or run as a user that has it.",
        cause);
  }

  /** A data file that the table lists and that is gone. */
  public static TelltaleException fileGone(String detail, Throwable cause) {
    return input(
        "A data file is gone: " + detail,
        "It was deleted behind the table's back, or by VACUUM while a version that needs it was read.",
        "Restore the file, or run without --as-of to read the latest version.",
        cause);
  }

  /** A data file that is damaged. */
  public static TelltaleException unreadable(String detail, Throwable cause) {
    return input(
        "A data file cannot be read: " + detail,
        "It is damaged or of another format than the table says.",
        "Restore the file or rewrite its partition, then run the same command again.",
        cause);
  }

  /** {@code --as-of} names a run that the ledger does not have. */
  public static TelltaleException unknownRun(String runId, String model) {
    return usage(
        "There is no successful run " + runId + " of " + model + ".",
        "--as-of reads the table versions that a run recorded in the table runs.",
        "Give a run_id of the table runs whose outcome is SUCCEEDED.");
  }

  /** A table lacks a column that the model file names. */
  public static TelltaleException missingColumn(
      String table, String column, String role, String present) {
    return input(
        "The table " + table + " has no column " + column + ", the " + role + ".",
        "It has: " + present + ".",
        "Correct the configuration, or the job that writes the table.",
        null);
  }

  /** A sample cannot be kept where it is drawn from. */
  public static TelltaleException sampleIsTelemetry(String table) {
    return usage(
        "The sample would replace what it is drawn from.",
        "sampling.table and predictions.table are both " + table + ".",
        "Give the sample a table of its own, or leave sampling.table out.");
  }

  /** There is no sample to plan the next one from. */
  public static TelltaleException notSampled(String model, String from, String to) {
    return input(
        "The telemetry of " + model + " was not sampled in the week before " + to + ".",
        "A plan is made of what is known of the strata of the last days.",
        "Run telltale sample --from " + from + " --to " + to + " first.",
        null);
  }

  /** A table has a column that Telltale adds. */
  public static TelltaleException ownColumn(String table, String column) {
    return input(
        "The table " + table + " has a column " + column + ", which a sample gets of its own.",
        "Perhaps predictions.table names a sample; it has to name the telemetry.",
        "Correct the model file, or rename the column.",
        null);
  }

  /** SQL of the model file is not what it has to be. */
  public static TelltaleException wrongSql(
      String key, String sql, String what, String why, String example) {
    return usage(
        key + " has " + sql + ", which is no " + what + ".",
        why,
        "Write SQL over the columns of the table that is " + example + ".");
  }

  /** Columns that strata are made of have too many values. */
  public static TelltaleException tooManyStrata(String table, String columns, int most) {
    return input(
        "The columns " + columns + " of " + table + " make more than " + most + " strata a day.",
        "A stratum of a few rows has no rate of its own.",
        "Leave the columns with many values out of sampling.strata.",
        null);
  }

  /** A column is of a type that its role does not allow. */
  public static TelltaleException wrongType(
      String table, String column, String role, String type, String allowed) {
    return input(
        "Column " + column + " of " + table + ", the " + role + ", is of type " + type + ".",
        "It has to be " + allowed + ".",
        "Correct the model file, or cast the column where the table is written.",
        null);
  }

  /** Nothing happened in the interval. */
  public static TelltaleException noRows(String table, String from, String to) {
    return input(
        "The table " + table + " has no rows from " + from + " to " + to + ".",
        "Either no predictions were made, or they have not arrived yet.",
        "Check the job that writes the table, then run the same command again.",
        null);
  }

  /** The interval cuts a window in two. */
  public static TelltaleException partialWindow(String from, String to, String granularity) {
    return usage(
        "The interval from " + from + " to " + to + " is not made of whole windows.",
        "The finest granularity of the model is " + granularity + ", in UTC.",
        "Move --from and --to to window boundaries.");
  }

  /** {@code demo --nights} outside the data. */
  public static TelltaleException demoNights(int nights, int most) {
    return usage(
        "The demo cannot replay " + nights + " nights.",
        "Its data has " + most + " nights after the training months.",
        "Give --nights from 1 to " + most + ".");
  }

  /** {@code demo} on a lake that is not its own. */
  public static TelltaleException demoLake(String lake, String why) {
    return usage(
        "The demo cannot use the lake " + lake + ".",
        why,
        "Give --lake with a directory that is empty or does not exist yet.");
  }

  /** A report of no window at all. */
  public static TelltaleException reportWindows(int windows) {
    return usage(
        "A report of " + windows + " windows cannot be drawn.",
        "It shows the last windows before the end of the interval, at least one.",
        "Give a number of 1 or more, for example 60.");
  }

  /** The page cannot be written. */
  public static TelltaleException reportNotWritable(String file, Throwable cause) {
    return new TelltaleException(
        ExitCode.USAGE,
        "The report cannot be written to " + file + ".",
        String.valueOf(cause),
        "Name a file in a directory that exists or can be made, and that you may write to.",
        cause);
  }

  /** Nothing was joined in the interval. */
  public static TelltaleException notJoined(String model, String from, String to) {
    return input(
        "There are no labelled rows of " + model + " from " + from + " to " + to + ".",
        "join has not run for it, or there are no predictions.",
        "Run telltale join for the interval first, or telltale run for the whole night.",
        null);
  }

  /** Windows whose rows maintain has dropped are asked for again. */
  public static TelltaleException dropped(String table, String keptFrom, String first) {
    return input(
        "Rows of " + table + " before " + keptFrom + " are dropped, and " + first + " is before.",
        "What is left of them would take the place of results that all of them once made.",
        "Ask for later windows; the results of dropped days stay as they are, and drift, alerts and"
            + " report read them.",
        null);
  }

  /** Days that would be dropped, and of which something is not computed yet. */
  public static TelltaleException notSummarised(
      String table, String days, String keptFrom, String missing) {
    return input(
        "Rows of " + table + " before " + keptFrom + " are to be dropped, but " + missing + ".",
        "Nothing could be computed of " + days + " afterwards.",
        "Run telltale run for these days first, or keep rows longer: `retention` in the model file."
            + " Nothing was dropped.",
        null);
  }

  /** Tables as they were cannot be maintained. */
  public static TelltaleException maintainedAsOf() {
    return usage(
        "maintain does not take --as-of.",
        "It changes tables as they are now.",
        "Leave --as-of out; --to says what is too old.");
  }

  /** Rows of a table that only grows are to go. */
  public static TelltaleException appendOnly(String table) {
    return input(
        "No row of " + table + " can be removed.",
        "Its property delta.appendOnly is true.",
        "Unset it: ALTER TABLE delta.`" + table + "` UNSET TBLPROPERTIES ('delta.appendOnly').",
        null);
  }

  /** A subject's column is summarised as a number. */
  public static TelltaleException subjectIsNumber(String model, String column) {
    return usage(
        "The column " + column + " of " + model + " is summarised as a number.",
        "Of a distribution no single value can be taken away; what an id is worth is none.",
        "List "
            + column
            + " under `columns.exclude` in the model file and erase again: what was"
            + " summarised of it goes as a whole.");
  }

  /** Nobody says whose rows are to be erased. */
  public static TelltaleException noSubjectColumn(String column, List<String> tables) {
    return usage(
        "No table has the column " + column + ".",
        "These were looked at: " + String.join(", ", tables) + ".",
        "Name with --column the column that says whose a row is.");
  }

  /** Drift is judged from states that are not there. */
  public static TelltaleException notProfiled(String model, String from, String to) {
    return input(
        "No window of " + model + " from " + from + " to " + to + " is profiled.",
        "drift compares the states that profile stores.",
        "Run telltale profile for the interval first, or telltale run for the whole night.",
        null);
  }

  /** A path of an ad hoc command that cannot be read as data. */
  public static TelltaleException noData(String path, String why) {
    return input(
        "There is no data to read at " + path + ".",
        why,
        "Give a Delta table (PATH or PATH@VERSION), or Parquet, CSV or JSON: a file, a directory or"
            + " a glob.",
        null);
  }

  /** A column that neither of two data sets has. */
  public static TelltaleException unknownColumn(
      String name, String hint, String reference, String current, String present) {
    return usage(
        "There is no column " + name + hint + ".",
        "Neither " + reference + " nor " + current + " has it; they have: " + present + ".",
        "Correct the name in --columns or --categorical.");
  }

  /** A column that was asked for and cannot be compared. */
  public static TelltaleException notComparable(String name, String why) {
    return usage(
        "Column " + name + " cannot be compared.",
        "It was asked for, but " + why + ".",
        "Leave it out of --columns, or make the two sides alike.");
  }

  /** Two data sets without a column in common. */
  public static TelltaleException nothingToCompare(
      String reference, String current, Map<String, String> skipped) {
    return usage(
        "There is no column to compare in " + reference + " and " + current + ".",
        skipped.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("; ")),
        "Give two data sets with columns of the same names and kinds.");
  }

  /** Bytes in {@code profile_states} or {@code baselines} that are no state. */
  public static TelltaleException unreadableState(String why, Throwable cause) {
    return input(
        "A stored state cannot be read.",
        why + ".",
        "Profile its window again; if the message stays, the table was written by another version"
            + " of Telltale or damaged.",
        cause);
  }

  /** A column that a model file needs and that nothing tells. */
  public static TelltaleException roleNotTold(
      String role, String flag, String data, String why, String columns) {
    return usage(
        "Which column of " + data + " is " + role + "?",
        why,
        "Say it with " + flag + "; the columns are " + columns + ".");
  }

  /** A column that was said to be something that its type does not allow. */
  public static TelltaleException unfitColumn(
      String column, String role, String data, String type, String allowed, String flag) {
    return input(
        "Column " + column + " of " + data + " cannot be " + role + ": it is of type " + type + ".",
        "It has to be " + allowed + ".",
        "Name another one with " + flag + ", or cast it where the data is written.",
        null);
  }

  /**
   * No column that can be the event time.
   *
   * @param likeTimes those that come near, each with its type
   */
  public static TelltaleException noEventTime(String data, List<String> likeTimes) {
    return input(
        "No column of " + data + " can be the event time.",
        "It has to be of type timestamp, with values; "
            + (likeTimes.isEmpty() ? "no column is like one" : String.join(", ", likeTimes))
            + ".",
        "Cast one where the data is written: CAST(… AS TIMESTAMP), in a session with the time zone"
            + " that its clock had.",
        null);
  }

  /** A file is where a suggested one is to go. */
  public static TelltaleException suggestionThere(String file) {
    return usage(
        "There is a file " + file + " already.",
        "A suggestion is never written over a model file, which people edit.",
        "Name another file with --output, or remove this one.");
  }

  /** A suggested file cannot be written. */
  public static TelltaleException suggestionNotWritable(String file, Throwable cause) {
    return new TelltaleException(
        ExitCode.USAGE,
        "The model file cannot be written to " + file + ".",
        String.valueOf(cause.getMessage()),
        "Name a file with --output in a directory that exists and that you may write to.",
        cause);
  }
}
