package org.duovox.eval.abx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.eval.abx.ItemFile.Item;
import org.duovox.io.Problems;
import org.duovox.speech.Frames;

/// The items of an item file with their frames: cut out of their recordings, checked, scaled and
/// pooled.
///
/// Recordings come in the order of their names, items in that of the file.
public final class TokenSet implements AutoCloseable {
  /// One item that has frames.
  record Token(int phone, int context, int speaker) {}

  private final ItemFile items;
  private final List<Token> tokens = new ArrayList<>();
  private TokenFrames frames;
  private String firstPlace = "";
  private int width;
  private long recordings;
  private int tooShort;
  private int zeroFrames;
  private String firstZero = "";
  private String firstNegative = "";

  private TokenSet(ItemFile items) {
    this.items = items;
  }

  /// Reads the frames of all items.
  ///
  /// @param directions whether frames are scaled to length 1
  /// @param done told how many recordings are read; may throw to end the work
  /// @throws DuovoxException of kind MISSING_INPUT that lists recordings without frames; of kind
  ///   BAD_DATA that lists all recordings and items that cannot be used
  public static TokenSet read(
      ItemFile items,
      FrameSource source,
      Slicing slicing,
      FramePooling pooling,
      boolean directions,
      LongConsumer done) {
    TokenSet set = new TokenSet(items);
    try {
      set.read(source, slicing, pooling, directions, done);
      return set;
    } catch (RuntimeException | Error e) {
      set.close();
      throw e;
    }
  }

  private void read(
      FrameSource source,
      Slicing slicing,
      FramePooling pooling,
      boolean directions,
      LongConsumer done) {
    Problems problems = new Problems();
    Map<String, List<Item>> byFile = new TreeMap<>();
    items
        .items()
        .forEach(item -> byFile.computeIfAbsent(item.file(), file -> new ArrayList<>()).add(item));
    Map<String, String> ids = resolve(byFile, source.ids());
    byFile.forEach((file, its) -> {
      String place = source.place(ids.get(file));
      Optional<Frames> usable = readable(source, ids.get(file), place, problems);
      if (usable.isPresent()) {
        Frames all = directions ? UnitFrames.of(usable.get()) : usable.get();
        cut(its, all, slicing, pooling, place, problems);
      }
      done.accept(++recordings);
    });
    problems.throwIfAny(Kind.BAD_DATA, "the items cannot be cut out of the features");
    if (tokens.isEmpty()) {
      throw DuovoxException.badData(
          "%s: no item is as long as a frame of %s ms; is the interval right?"
              .formatted(items.source(), slicing.intervalMs()));
    }
  }

  /// Finds the recording of each file: of the same id, or of an id that ends with `/` and it.
  private Map<String, String> resolve(Map<String, List<Item>> byFile, Set<String> ids) {
    Map<String, String> byName = new HashMap<>();
    for (String id : ids) {
      byName.merge(id.substring(id.lastIndexOf('/') + 1), id, (one, two) -> "");
    }
    Problems missing = new Problems();
    Map<String, String> found = new HashMap<>();
    byFile.forEach((file, its) -> {
      String id = ids.contains(file) ? file : byName.getOrDefault(file, "");
      if (id.isEmpty()) {
        missing.add(
            "%s: there are no features of %s (%d items)"
                .formatted(items.at(its.getFirst()), file, its.size()));
      }
      found.put(file, id);
    });
    missing.throwIfAny(Kind.MISSING_INPUT, "features are missing");
    return found;
  }

  /// Reads the frames of a recording; empty, with the reason among the problems, when they are of
  /// no use.
  private Optional<Frames> readable(
      FrameSource source, String id, String place, Problems problems) {
    Frames all;
    try {
      all = source.read(id);
    } catch (DuovoxException e) {
      if (e.kind() != Kind.BAD_DATA) {
        throw e;
      }
      problems.add(e.getMessage());
      return Optional.empty();
    }
    if (firstPlace.isEmpty()) {
      firstPlace = place;
      width = all.width();
    }
    int bad = all.firstNonFinite();
    if (bad >= 0) {
      problems.add(
          "%s: frame %d holds %s"
              .formatted(place, bad / all.width(), Float.toString(all.values()[bad])));
      return Optional.empty();
    }
    if (all.width() != width) {
      problems.add(
          "%s: frames of %d values; those of %s have %d"
              .formatted(place, all.width(), firstPlace, width));
      return Optional.empty();
    }
    for (int frame = 0; frame < all.frames(); frame++) {
      look(all, frame, place);
    }
    return Optional.of(all);
  }

  private void look(Frames all, int frame, String place) {
    float squares = 0;
    for (int i = frame * all.width(); i < (frame + 1) * all.width(); i++) {
      float value = all.values()[i];
      squares += value * value;
      if (value < 0 && firstNegative.isEmpty()) {
        firstNegative = "%s: frame %d holds %s".formatted(place, frame, Float.toString(value));
      }
    }
    if (squares == 0 && zeroFrames++ == 0) {
      firstZero = "%s, frame %d".formatted(place, frame);
    }
  }

  private void cut(
      List<Item> its,
      Frames all,
      Slicing slicing,
      FramePooling pooling,
      String place,
      Problems problems) {
    for (Item item : its) {
      int begin = slicing.first(item);
      int end = slicing.end(item, all.frames());
      if (slicing.isOutside(item, all.frames())) {
        problems.add(
            "%s: ends at %s s, but the %d frames of %s end at %.3f s; is the interval right?"
                    .formatted(
                        items.at(item),
                        Double.toString(item.offset()),
                        all.frames(),
                        place,
                        slicing.endMs(all.frames()) / 1000)
                + " --allow-outside cuts such items");
      } else if (end <= begin) {
        tooShort++;
      } else {
        Frames own = all.slice(begin, end);
        if (frames == null) {
          frames = TokenFrames.sized(all.width());
        }
        frames.add(pooling.apply(own.values(), own.frames(), own.width()));
        tokens.add(new Token(item.phone(), item.context(), item.speaker()));
      }
    }
  }

  /// The item file.
  public ItemFile items() {
    return items;
  }

  /// Number of items that have frames.
  public int size() {
    return tokens.size();
  }

  /// Number of items that are shorter than a frame or lie behind the last one; they are left out.
  public int leftOut() {
    return tooShort;
  }

  /// Number of frames that hold nothing but zeros, in the recordings of the items.
  public int zeroFrames() {
    return zeroFrames;
  }

  /// Where the first frame of zeros lies; "" when there is none.
  public String firstZero() {
    return firstZero;
  }

  /// Why the frames cannot be distributions; "" when they can.
  public String notDistributions() {
    return firstNegative.isEmpty() && zeroFrames > 0
        ? firstZero + ": holds nothing but zeros"
        : firstNegative;
  }

  List<Token> tokens() {
    return tokens;
  }

  TokenFrames frames() {
    return frames;
  }

  @Override
  public void close() {
    if (frames != null) {
      frames.close();
    }
  }

  /// Frames scaled to length 1, with one value more that keeps a frame of zeros as far as can be
  /// from every other: 1e-12, and -2e12 in a frame of zeros.
  private static final class UnitFrames {
    private static final float BORDER = 1e-12f;
    private static final float ZERO_BORDER = -2e12f;

    static Frames of(Frames raw) {
      int width = raw.width();
      float[] scaled = new float[Math.multiplyExact(raw.frames(), width + 1)];
      for (int frame = 0; frame < raw.frames(); frame++) {
        scale(raw.values(), frame * width, width, scaled, frame * (width + 1));
      }
      return new Frames(scaled, raw.frames(), width + 1);
    }

    private static void scale(float[] from, int at, int width, float[] to, int target) {
      float squares = FloatSums.row(i -> from[at + i] * from[at + i], width);
      float length = (float) Math.sqrt(squares);
      for (int i = 0; i < width; i++) {
        to[target + i] = squares == 0 ? (float) (1 / Math.sqrt(width)) : from[at + i] / length;
      }
      to[target + width] = squares == 0 ? ZERO_BORDER : BORDER;
    }
  }
}
