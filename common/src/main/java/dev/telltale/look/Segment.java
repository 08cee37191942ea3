package dev.telltale.look;

/**
 * Units with one value of one segment.
 *
 * @param key the segment's column
 * @param value its value
 */
public record Segment(String key, String value) {}
