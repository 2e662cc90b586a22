package org.duovox.convert.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.convert.pickle.Malformed;

/// Parses fairseq's description of convolutions, a Python expression that is not evaluated:
/// `[(512,10,5)] + [(512,3,2)] * 4`.
final class ConvolutionText {
  private static final int MOST = 64;
  private static final int LONGEST = 4096;
  private static final Pattern LIST =
      Pattern.compile("\\[((?:\\(\\d{1,6},\\d{1,6},\\d{1,6}\\),?)+)\\](?:\\*(\\d{1,2}))?(\\+)?");
  private static final Pattern TRIPLE = Pattern.compile("\\((\\d+),(\\d+),(\\d+)\\)");

  /// One convolution: channels, kernel, stride.
  record Convolution(long channels, long kernel, long stride) {}

  private ConvolutionText() {}

  /// @throws Malformed for any other text, and for more than 64 convolutions
  static List<Convolution> parse(String text) {
    List<Convolution> all = new ArrayList<>();
    String dense = text.length() > LONGEST ? "" : text.replaceAll("\\s", "");
    Matcher lists = LIST.matcher(dense);
    int at = 0;
    boolean more = true;
    while (more && lists.find() && lists.start() == at) {
      List<Convolution> group = triples(lists.group(1));
      int times = lists.group(2) == null ? 1 : Integer.parseInt(lists.group(2));
      for (int i = 0; i < times && all.size() <= MOST; i++) {
        all.addAll(group);
      }
      at = lists.end();
      more = lists.group(3) != null;
    }
    if (all.isEmpty() || all.size() > MOST || more || at != dense.length()) {
      throw new Malformed("conv_feature_layers '%s' is not understood".formatted(dense));
    }
    return all;
  }

  private static List<Convolution> triples(String text) {
    List<Convolution> group = new ArrayList<>();
    Matcher triples = TRIPLE.matcher(text);
    while (triples.find()) {
      group.add(
          new Convolution(
              Long.parseLong(triples.group(1)),
              Long.parseLong(triples.group(2)),
              Long.parseLong(triples.group(3))));
    }
    return group;
  }
}
