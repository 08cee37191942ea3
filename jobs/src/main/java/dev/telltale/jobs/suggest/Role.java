package dev.telltale.jobs.suggest;

import java.util.Locale;
import java.util.Set;

/** What a column of a prediction log is. */
public enum Role {
  /** When the prediction was made. */
  EVENT_TIME(
      "the event time",
      Set.of("event", "ts", "time", "timestamp", "at", "predicted", "prediction", "departure"),
      Set.of(
          "ingest",
          "ingested",
          "upload",
          "uploaded",
          "arrival",
          "arrived",
          "ingestion",
          "received",
          "loaded",
          "server",
          "label",
          "labelled",
          "updated",
          "modified",
          "birth",
          "expires",
          "end")),
  /** Which prediction it is. */
  ID(
      "the id of a prediction",
      Set.of("id", "uuid", "guid", "key", "prediction", "request", "event", "inference"),
      Set.of(
          "user",
          "customer",
          "session",
          "account",
          "device",
          "model",
          "person",
          "patient",
          "client",
          "ts",
          "time")),
  /** Which version of the model answered. */
  MODEL_VERSION(
      "the version of the model",
      Set.of("version", "model"),
      Set.of("app", "os", "schema", "browser", "sdk", "id", "name")),
  /** Which model answered. */
  MODEL("the model", Set.of("model"), Set.of("version", "score", "make", "year", "car")),
  /** The answer. */
  PREDICTION(
      "the prediction",
      Set.of("prediction", "predicted", "pred", "yhat", "forecast", "answer", "decision"),
      Set.of(
          "id",
          "ts",
          "time",
          "at",
          "version",
          "score",
          "prob",
          "probability",
          "proba",
          "confidence")),
  /** How sure it is. */
  SCORE(
      "the score",
      Set.of("score", "prob", "proba", "probability", "confidence", "likelihood"),
      Set.of("credit", "id", "ts")),
  /** When the row reached the lake. */
  UPLOAD_TIME(
      "the upload time",
      Set.of(
          "upload", "uploaded", "ingest", "ingested", "ingestion", "received", "loaded", "server"),
      Set.of("label", "labelled", "feedback", "event")),
  /** How many rows it stands for. */
  WEIGHT(
      "the inclusion weight",
      Set.of("weight", "inclusion", "sampling", "sample", "telltale"),
      Set.of("kg", "lb", "lbs", "body", "gross", "net", "size", "loss", "class")),
  /** What was true. */
  LABEL(
      "the label",
      Set.of("label", "target", "actual", "truth", "outcome"),
      Set.of("id", "ts", "time", "at"));

  private final String words;
  private final Set<String> hints;
  private final Set<String> against;

  Role(String words, Set<String> hints, Set<String> against) {
    this.words = words;
    this.hints = hints;
    this.against = against;
  }

  /** For a sentence. */
  public String words() {
    return words;
  }

  /** The flag that says which column it is. */
  public String flag() {
    return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How much a name sounds like it: words for it less words against it. */
  int fit(Set<String> tokens) {
    int fit = 0;
    for (String token : tokens) {
      fit += hints.contains(token) ? 1 : against.contains(token) ? -4 : 0;
    }
    return fit;
  }
}
