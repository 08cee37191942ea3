package dev.telltale.jobs.check;

import dev.telltale.check.CheckResult;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * One task of {@link KeyScan}: reads rows, gives blocks of keys by bucket, and the first rows that
 * offend in a bucket of their own. Keys that come often are counted here before they leave; where
 * keys hardly ever come twice, that is given up.
 */
final class KeyTask implements Iterator<Tuple2<Integer, byte[]>> {
  private static final int REMEMBERED = 4096;
  private static final int REPEATS_WORTH_IT = 4;
  private static final int SPREAD = 0x9E3779B9;
  private static final byte[] NOTHING = {};

  private final int task;
  private final KeyPlan plan;
  private final int buckets;
  private final Iterator<InternalRow> rows;
  private final KeyBlock[] blocks;
  private final Map<Integer, KeyBlock> shownBlocks = new HashMap<>();
  private final Queue<Tuple2<Integer, byte[]>> ready = new ArrayDeque<>();
  private final Counter[] counters;
  private final int[] shownRows;
  private final int[] wanted;
  private final int[] ids;
  private int enough;
  private int number;
  private boolean done;

  /**
   * A task.
   *
   * @param wanted rows of each item that are shown; of keys none
   */
  KeyTask(int task, KeyPlan plan, int buckets, int[] wanted, Iterator<InternalRow> rows) {
    this.task = task;
    this.plan = plan;
    this.buckets = buckets;
    this.wanted = wanted.clone();
    this.ids = plan.ids();
    this.blocks = new KeyBlock[buckets];
    this.rows = rows;
    this.shownRows = new int[plan.items().size()];
    this.counters = new Counter[plan.items().size()];
    for (int i = 0; i < counters.length; i++) {
      counters[i] = new Counter(i);
    }
  }

  /** The bucket of the rows that are shown of an item. */
  static int shownBucket(int item) {
    return -1 - item;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !done) {
      if (!isEnough() && rows.hasNext()) {
        read(rows.next());
      } else {
        finish();
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public Tuple2<Integer, byte[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  /** Where only rows are to be shown, no more are read once there are enough of each item. */
  private boolean isEnough() {
    return enough == counters.length;
  }

  private void read(InternalRow row) {
    for (int i = 0; i < counters.length; i++) {
      KeyPlan.Item item = plan.items().get(i);
      if (!row.getBoolean(item.flag)) {
        continue;
      }
      if (item.use == KeyPlan.Use.SHOWN) {
        if (shownRows[i] < wanted[i]) {
          shownRows[i]++;
          enough += shownRows[i] == wanted[i] ? 1 : 0;
          put(shownBucket(i), i, 1, 0, KeyText.of(row, item.texts), KeyText.of(row, ids));
        }
        continue;
      }
      byte[] key = KeyText.of(row, item.texts);
      int member = item.member == KeyPlan.NONE ? 0 : row.getInt(item.member);
      if (item.use == KeyPlan.Use.REPEATED) {
        // Most often it is the ids that have to be unique.
        boolean same = Arrays.equals(item.texts, ids);
        counters[i].addRow(key, same ? KeyText.KEY : KeyText.of(row, ids));
      } else {
        counters[i].addKey(key, member);
      }
    }
  }

  private void put(int bucket, int item, long count, int member, byte[] key, byte[] id) {
    KeyBlock block = bucket < 0 ? shownBlocks.get(bucket) : blocks[bucket];
    if (block == null) {
      block = new KeyBlock(task, number++);
      keep(bucket, block);
    }
    block.add(item, count, member, key, id);
    if (block.isFull()) {
      ready.add(new Tuple2<>(bucket, block.take()));
      keep(bucket, null);
    }
  }

  private void keep(int bucket, KeyBlock block) {
    if (bucket < 0) {
      shownBlocks.put(bucket, block);
    } else {
      blocks[bucket] = block;
    }
  }

  private void finish() {
    for (Counter counter : counters) {
      counter.flush();
    }
    for (int bucket = 0; bucket < blocks.length; bucket++) {
      if (blocks[bucket] != null) {
        ready.add(new Tuple2<>(bucket, blocks[bucket].take()));
        blocks[bucket] = null;
      }
    }
    shownBlocks.forEach((bucket, block) -> ready.add(new Tuple2<>(bucket, block.take())));
    done = true;
  }

  /** A key that came lately. */
  private static final class Recent {
    private final byte[] key;
    private final int member;
    private long waiting;
    private int gone;

    Recent(byte[] key, int member) {
      this.key = key;
      this.member = member;
    }
  }

  /** Keys of one item that came lately. */
  private final class Counter {
    private final int item;
    private final Map<ByteBuffer, Recent> recent = new HashMap<>();
    private long seen;
    private boolean remembers = true;

    Counter(int item) {
      this.item = item;
    }

    void addKey(byte[] key, int member) {
      recent(key, member).waiting++;
      if (recent.size() > REMEMBERED) {
        flush();
      }
    }

    /** The first rows of a key leave with their ids, as they may have to be shown. */
    void addRow(byte[] key, byte[] id) {
      if (!remembers) {
        put(bucket(key), item, 1, 0, key, id);
        return;
      }
      seen++;
      Recent known = recent(key, 0);
      if (known.gone < CheckResult.PARTIAL) {
        known.gone++;
        put(bucket(key), item, 1, 0, key, id);
      } else {
        known.waiting++;
      }
      if (recent.size() > REMEMBERED) {
        remembers = seen > REPEATS_WORTH_IT * (long) recent.size();
        flush();
      }
    }

    private Recent recent(byte[] key, int member) {
      return recent.computeIfAbsent(ByteBuffer.wrap(key), absent -> new Recent(key, member));
    }

    void flush() {
      for (Recent one : recent.values()) {
        if (one.waiting > 0) {
          put(bucket(one.key), item, one.waiting, one.member, one.key, NOTHING);
        }
      }
      recent.clear();
      seen = 0;
    }

    private int bucket(byte[] key) {
      int hash = 31 * Arrays.hashCode(key) + item;
      return Math.floorMod((hash ^ (hash >>> 16)) * SPREAD, buckets);
    }
  }
}
