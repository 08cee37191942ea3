package dev.telltale.experiment;

/** How covariates from before the exposure take part of the variance away. */
public enum Adjustment {
  /**
   * One coefficient per covariate for both arms, from the variation within the arms: CUPED, Deng et
   * al. 2013, doi:10.1145/2433396.2433413.
   */
  CUPED,
  /**
   * Each arm has coefficients of its own, which never does worse in large samples however the arms'
   * sizes and slopes differ: Lin 2013, doi:10.1214/12-AOAS583.
   */
  INTERACTED
}
