package dev.telltale.jobs.night;

import java.util.Optional;

/** The version of Telltale that runs. */
public final class CodeVersion {
  private CodeVersion() {}

  /** As in the manifest of the jar; {@code development} outside one. */
  public static String current() {
    return Optional.ofNullable(CodeVersion.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
