package org.duovox.report.chart;

import java.nio.file.Path;
import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.io.atomic.AtomicFiles;

/// Writes the picture of an alignment as a standalone `.svg` or `.png` file.
public final class AlignmentPictureWriter {
  private AlignmentPictureWriter() {}

  /// Refuses a file name of another kind before any work is done.
  public static void requireKnownKind(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".svg") && !name.endsWith(".png")) {
      throw DuovoxException.usage(
          "a picture is written as .svg or .png, but the file is named " + file);
    }
  }

  public static void write(AlignmentPicture picture, Path file) {
    requireKnownKind(file);
    AlignmentChart chart = new AlignmentChart(picture);
    boolean svg = file.toString().toLowerCase(Locale.ROOT).endsWith(".svg");
    Canvas canvas =
        svg
            ? new SvgCanvas(
                AlignmentChart.WIDTH, chart.height(), chart.title(), chart.description())
            : new PngCanvas(AlignmentChart.WIDTH, chart.height());
    chart.draw(canvas);
    AtomicFiles.write(file, canvas.finish());
  }
}
