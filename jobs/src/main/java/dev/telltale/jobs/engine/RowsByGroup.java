package dev.telltale.jobs.engine;

import java.util.Arrays;

/**
 * The rows of a batch, group by group and in their own order within one: the states of a group are
 * then fetched from memory once a batch and not once a row, which is what many slices cost.
 */
final class RowsByGroup {
  private static final int NONE = -1;

  private int[] placeOfGroup = new int[0];
  private int[] groups = new int[16];
  private int[] ends = new int[16];
  private int size;
  private int[] order = new int[0];

  /**
   * Orders the rows of a batch.
   *
   * @param groupOfRow a group's index, or below zero for a row that is left out
   * @param rows so many of them
   * @param groupCount all indexes are below
   */
  void order(int[] groupOfRow, int rows, int groupCount) {
    for (int g = 0; g < size; g++) {
      placeOfGroup[groups[g]] = NONE;
    }
    size = 0;
    if (placeOfGroup.length < groupCount) {
      int old = placeOfGroup.length;
      placeOfGroup = Arrays.copyOf(placeOfGroup, Math.max(groupCount, 2 * old));
      Arrays.fill(placeOfGroup, old, placeOfGroup.length, NONE);
    }
    if (order.length < rows) {
      order = new int[rows];
    }
    for (int row = 0; row < rows; row++) {
      if (groupOfRow[row] >= 0) {
        int place = place(groupOfRow[row]);
        ends[place]++;
      }
    }
    int begin = 0;
    for (int g = 0; g < size; g++) {
      int next = begin + ends[g];
      ends[g] = begin;
      begin = next;
    }
    for (int row = 0; row < rows; row++) {
      if (groupOfRow[row] >= 0) {
        order[ends[placeOfGroup[groupOfRow[row]]]++] = row;
      }
    }
  }

  private int place(int group) {
    int place = placeOfGroup[group];
    if (place == NONE) {
      place = size++;
      placeOfGroup[group] = place;
      if (place == groups.length) {
        groups = Arrays.copyOf(groups, 2 * place);
        ends = Arrays.copyOf(ends, 2 * place);
      }
      groups[place] = group;
      ends[place] = 0;
    }
    return place;
  }

  /** Number of groups that have rows. */
  int size() {
    return size;
  }

  /** Index of the group at a place. */
  int group(int place) {
    return groups[place];
  }

  /** Where in {@link #rows} the group at a place begins. */
  int start(int place) {
    return place == 0 ? 0 : ends[place - 1];
  }

  /** Where in {@link #rows} the group at a place ends. */
  int end(int place) {
    return ends[place];
  }

  /** The rows, group by group; reused by the next batch. */
  int[] rows() {
    return order;
  }
}
