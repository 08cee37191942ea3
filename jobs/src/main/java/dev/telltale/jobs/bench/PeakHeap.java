package dev.telltale.jobs.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Map;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * The most heap that was in use right after a garbage collection: what the work really holds,
 * without the garbage that nobody has collected yet. In local mode that is driver and executor.
 */
final class PeakHeap implements AutoCloseable {
  private final NotificationListener listener =
      (notification, handback) -> collected(notification.getUserData());
  private long peak;

  PeakHeap() {
    System.gc();
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector).addNotificationListener(listener, null, null);
    }
  }

  private synchronized void collected(Object data) {
    if (data instanceof CompositeData composite) {
      Map<String, MemoryUsage> after =
          GarbageCollectionNotificationInfo.from(composite).getGcInfo().getMemoryUsageAfterGc();
      long used =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
              .mapToLong(
                  pool ->
                      after.containsKey(pool.getName()) ? after.get(pool.getName()).getUsed() : 0)
              .sum();
      peak = Math.max(peak, used);
    }
  }

  synchronized long bytes() {
    return peak;
  }

  @Override
  public void close() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      try {
        ((NotificationEmitter) collector).removeNotificationListener(listener);
      } catch (ListenerNotFoundException e) {
        throw new IllegalStateException("It was added above", e);
      }
    }
  }
}
