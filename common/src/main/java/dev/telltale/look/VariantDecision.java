package dev.telltale.look;

import java.time.LocalDate;
import java.util.Optional;

/**
 * What is to be done with a variant, and why.
 *
 * @param variant name of the variant
 * @param decision what is to be done
 * @param fixed end of the data of the earlier look that decided it; empty if this look does
 * @param because the reason in a sentence
 */
public record VariantDecision(
    String variant, Decision decision, Optional<LocalDate> fixed, String because) {}
