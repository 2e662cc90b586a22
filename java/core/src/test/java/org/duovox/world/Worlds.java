package org.duovox.world;

import java.util.List;
import org.duovox.config.Settings;

/// Settings of worlds for tests.
final class Worlds {
  private Worlds() {}

  /// Returns the default settings with some of them changed.
  ///
  /// @param settings `section.key=value`
  static WorldConfig config(String... settings) {
    Settings read = Settings.read(null, List.of(settings), WorldConfig.SECTIONS);
    WorldConfig base = WorldConfig.defaults();
    return new WorldConfig(
        read.section("world", WorldConfig.Scope.class, base.world()),
        read.section("text", WorldConfig.Text.class, base.text()),
        read.section("speech", WorldConfig.Speech.class, base.speech()),
        read.section("test", WorldConfig.Test.class, base.test()),
        read.section("intents", WorldConfig.Intents.class, base.intents()));
  }
}
