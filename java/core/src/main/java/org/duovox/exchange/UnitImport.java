package org.duovox.exchange;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.duovox.DuovoxException;
import org.duovox.units.Codebook;
import org.duovox.units.StreamInfo;
import org.duovox.units.StreamLength;
import org.duovox.units.sets.UnitManifest;
import org.duovox.units.sets.UnitSet;
import org.duovox.units.sets.UnitSetWriter;

/// Turns units in a format of another toolkit into a unit set.
public final class UnitImport {
  private UnitImport() {}

  /// Writes a unit set to `target`, in the order of the file.
  ///
  /// @param stream what the format cannot tell: encoder, layer, frame times
  /// @param vocabulary number of codes; empty: that of the codebook, of the format, or the largest
  ///   unit + 1
  /// @param codebook the codebook of the units, whose sum then goes into the manifest; or empty
  /// @throws DuovoxException (BAD_DATA) with file and line
  public static UnitSet run(
      UnitReader reader,
      StreamInfo stream,
      OptionalInt vocabulary,
      Optional<Codebook> codebook,
      Path target) {
    int codes = vocabulary(reader, vocabulary, codebook);
    if (codes > UnitManifest.MOST_CODES) {
      throw DuovoxException.badData(
          "a vocabulary of %d codes; at most %d are possible"
              .formatted(codes, UnitManifest.MOST_CODES));
    }
    StreamLength length = new StreamLength(stream);
    Map<String, String> seen = new HashMap<>();
    try (UnitSetWriter writer =
        new UnitSetWriter(target, stream, codes, codebook, reader.source())) {
      reader.read((info, units, where) -> {
        String first = seen.putIfAbsent(info.id(), where);
        if (first != null) {
          throw DuovoxException.badData(
              "%s: the id '%s' occurs twice, first at %s".formatted(where, info.id(), first));
        }
        requireCodes(units, codes, where);
        length.require(where, info);
        writer.add(info, units);
      });
      writer.commit();
    }
    return UnitSet.open(target);
  }

  private static int vocabulary(UnitReader reader, OptionalInt given, Optional<Codebook> codebook) {
    OptionalInt known = reader.vocabulary();
    if (codebook.isPresent()) {
      int clusters = codebook.get().clusters();
      if (given.orElse(clusters) != clusters || known.orElse(clusters) > clusters) {
        throw DuovoxException.badData(
            "the codebook has %d codes, but the units a vocabulary of %d; give the codebook they"
                    .formatted(clusters, given.isPresent() ? given.getAsInt() : known.getAsInt())
                + " were made with");
      }
      return clusters;
    }
    if (given.isPresent()) {
      return given.getAsInt();
    }
    return known.isPresent() ? known.getAsInt() : largest(reader) + 1;
  }

  private static int largest(UnitReader reader) {
    int[] largest = {-1};
    reader.read((info, units, where) -> {
      for (int i = 0; i < units.length; i++) {
        if (units[i] >= UnitManifest.MOST_CODES) {
          throw DuovoxException.badData(
              "%s: unit %d at index %d is beyond any vocabulary (%d)"
                  .formatted(where, units[i], i, UnitManifest.MOST_CODES));
        }
        largest[0] = Math.max(largest[0], units[i]);
      }
    });
    return largest[0];
  }

  private static void requireCodes(int[] units, int codes, String where) {
    for (int i = 0; i < units.length; i++) {
      if (units[i] >= codes) {
        throw DuovoxException.badData(
            "%s: unit %d at index %d is outside of the vocabulary 0 to %d"
                .formatted(where, units[i], i, codes - 1));
      }
    }
  }
}
