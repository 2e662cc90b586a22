package org.duovox.audio.decode;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The header of a NIST SPHERE file, lines of text, of which only the length is wanted.
final class SphereHeader {
  private static final Pattern SIZE = Pattern.compile("^NIST_1A\\n *([0-9]{1,9})\\n");

  private SphereHeader() {}

  /// Where plain samples stand; empty when they are compressed or their number is not given.
  static Optional<SampleChunk> samples(SeekableByteChannel channel, byte[] head)
      throws IOException {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    Matcher size = SIZE.matcher(text);
    OptionalLong count = number(text, "sample_count");
    OptionalLong bytes = number(text, "sample_n_bytes");
    boolean packed =
        text.contains("shorten") || text.contains("shortpack") || text.contains("wavpack");
    if (packed || !size.find() || count.isEmpty() || bytes.isEmpty()) {
      return Optional.empty();
    }
    long at = Long.parseLong(size.group(1));
    long frame = bytes.getAsLong() * number(text, "channel_count").orElse(1);
    return Optional.of(
        new SampleChunk(
            at, count.getAsLong() * frame, 0, 1, channel.size() - at, false, List.of()));
  }

  private static OptionalLong number(String text, String key) {
    Matcher matcher = Pattern.compile("(?m)^" + key + " -i ([0-9]{1,9})$").matcher(text);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
