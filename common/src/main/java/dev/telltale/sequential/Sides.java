package dev.telltale.sequential;

/** Which effects are looked for. */
public enum Sides {
  /** Effects above zero. */
  ONE(1),
  /** Effects in either direction, with bounds that are symmetric. */
  TWO(2);

  private final int count;

  Sides(int count) {
    this.count = count;
  }

  /** 1 or 2. */
  public int count() {
    return count;
  }

  /**
   * The sides that a number means.
   *
   * @param count 1 or 2
   * @throws IllegalArgumentException otherwise
   */
  public static Sides of(int count) {
    return switch (count) {
      case 1 -> ONE;
      case 2 -> TWO;
      default -> throw new IllegalArgumentException(count + " sides; allowed are 1 and 2");
    };
  }

  /** What is compared with a bound: z, or its absolute value. */
  double size(double z) {
    return this == TWO ? Math.abs(z) : z;
  }
}
