package org.duovox.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountsTest {
  private static final List<String> TABLE =
      List.of(
          "22 1 0:21 / / rw,relatime - overlay overlay rw",
          "23 22 0:22 / /tmp rw,nosuid,noexec - tmpfs tmpfs rw",
          "24 22 0:23 / /data/my\\040disk rw,noexec shared:1 - ext4 /dev/sdb rw",
          "25 24 0:24 / /data/my\\040disk/bin rw - ext4 /dev/sdc rw",
          "26 22 0:25 / /twice rw,noexec - tmpfs tmpfs rw",
          "27 26 0:26 / /twice rw - tmpfs tmpfs rw");

  @Test
  void theInnermostMountDecides() {
    assertTrue(Mounts.forbidsExecution("/tmp", TABLE));
    assertTrue(Mounts.forbidsExecution("/tmp/deeper", TABLE));
    assertTrue(Mounts.forbidsExecution("/data/my disk/x", TABLE));
    assertFalse(Mounts.forbidsExecution("/data/my disk/bin", TABLE));
    assertFalse(Mounts.forbidsExecution("/tmpfiles", TABLE));
    assertFalse(Mounts.forbidsExecution("/home", TABLE));
    assertFalse(Mounts.forbidsExecution("/twice", TABLE), "the later mount lies above");
  }

  @Test
  void aFolderThatIsNotThereYetIsJudgedByItsParent() {
    assertEquals(
        Mounts.forbidExecution(Path.of("/")), Mounts.forbidExecution(Path.of("/no/such/folder")));
  }
}
