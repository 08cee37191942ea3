package dev.telltale.trust;

import java.util.List;

/** A check. Stateless. */
public interface Check {
  /** Its name, as rows and pages say it. */
  String name();

  /**
   * What it finds; nothing if there is nothing to ask of this experiment.
   *
   * @return findings whose {@link TrustCheck#check()} is {@link #name()}
   */
  List<TrustCheck> of(TrustData data);
}
