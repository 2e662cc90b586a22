package org.duovox.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.duovox.io.AtomicFiles;
import org.duovox.io.Json;

/// Where a run remembers how large the parts of its steps may be: `memory.json` in its folder, with
/// the forecast of its first start.
///
/// A run that goes on cuts its steps as before, so that it rounds the same way, unless there is
/// less memory now.
final class PartLimit {
  /// Name of the file.
  static final String FILE = "memory.json";

  /// The file's content.
  ///
  /// @param partBytes what a part may cost; 0 for any
  /// @param peakBytes forecast of the whole process, each batch taken at once
  /// @param availableBytes beyond what the process held; 0 when not known
  record Content(long partBytes, long peakBytes, long availableBytes) {}

  private final Optional<Path> file;
  private Content content = new Content(0, 0, 0);

  private PartLimit(Optional<Path> file) {
    this.file = file;
  }

  /// Remembered in the folder of a run.
  static PartLimit in(Path folder) {
    return new PartLimit(Optional.of(folder.resolve(FILE)));
  }

  /// For a run that is never resumed.
  static PartLimit unremembered() {
    return new PartLimit(Optional.empty());
  }

  /// Bytes that a part may cost by a forecast made now and by what is remembered.
  ///
  /// @throws org.duovox.DuovoxException (RETRY) when not even one row fits
  long agree(MemoryForecast forecast) {
    long now = forecast.partLimit();
    long before = StepParts.NO_LIMIT;
    boolean known = file.isPresent() && Files.isRegularFile(file.get());
    if (known) {
      content = Json.read(file.get(), Content.class);
      before = content.partBytes() == 0 ? StepParts.NO_LIMIT : content.partBytes();
    }
    long limit = Math.min(now, before);
    if (!known) {
      long available = forecast.available() == MemoryForecast.UNKNOWN ? 0 : forecast.available();
      content = new Content(0, forecast.peak(), available);
    }
    if (!known || limit < before) {
      remember(limit);
    }
    return limit;
  }

  /// Remembers a limit from now on.
  void remember(long limit) {
    content =
        new Content(
            limit == StepParts.NO_LIMIT ? 0 : limit,
            content.peakBytes(),
            content.availableBytes());
    file.ifPresent(path -> AtomicFiles.write(path, Json.pretty(content)));
  }
}
