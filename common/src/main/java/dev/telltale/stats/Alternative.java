package dev.telltale.stats;

/** What a test holds against equality. The variant is always compared with the control. */
public enum Alternative {
  /** Variant and control differ, in whichever direction. */
  TWO_SIDED,
  /** The variant is greater than the control. */
  GREATER,
  /** The variant is less than the control. */
  LESS;

  /** The alternative after variant and control change places. */
  public Alternative reversed() {
    return switch (this) {
      case TWO_SIDED -> TWO_SIDED;
      case GREATER -> LESS;
      case LESS -> GREATER;
    };
  }
}
