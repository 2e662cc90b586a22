package org.duovox.eval.abx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.duovox.eval.abx.TokenSet.Token;

/// Which items are compared: triplets of groups A, B and X, where A and X are of one phone and B is
/// of another, all in one context or in any, A and B by one speaker and X by the same or by
/// another.
///
/// A group is all items of a phone, a speaker and a context, or as many as may be taken, drawn anew
/// for every triplet of groups.
final class Triplets {
  /// Items of one phone by one speaker in one context, by index.
  private record Group(int context, int speaker, int phone, int[] members) {}

  /// A triplet of groups, items by index.
  ///
  /// @param x items of X, within a speaker those of A
  record Triplet(int otherPhone, int[] a, int[] b, int[] x) {}

  /// The triplets of one A and one X with every B.
  ///
  /// @param symmetric whether A is X, within a speaker
  record Row(int speaker, int phone, boolean symmetric, List<Triplet> triplets) {}

  private final AbxConfig config;
  private final boolean across;
  private final List<List<Group>> blocks = new ArrayList<>(); // Of one context and speaker.
  private final Map<Long, List<Group>> samePhone = new HashMap<>();

  Triplets(List<Token> tokens, AbxConfig config, AbxCondition condition) {
    this.config = config;
    this.across = condition.acrossSpeakers();
    boolean any = condition.anyContext();
    Comparator<Token> order = Comparator.comparingInt(token -> any ? 0 : token.context());
    order = order.thenComparingInt(Token::speaker).thenComparingInt(Token::phone);
    Comparator<Token> byGroup = order;
    int[] sorted =
        IntStream.range(0, tokens.size())
            .boxed()
            .sorted((i, j) -> byGroup.compare(tokens.get(i), tokens.get(j)))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int from = 0, to; from < sorted.length; from = to) {
      Token first = tokens.get(sorted[from]);
      to = from + 1;
      while (to < sorted.length && byGroup.compare(first, tokens.get(sorted[to])) == 0) {
        to++;
      }
      int[] members = Arrays.copyOfRange(sorted, from, to);
      add(new Group(any ? 0 : first.context(), first.speaker(), first.phone(), members));
    }
  }

  private void add(Group group) {
    Group last = blocks.isEmpty() ? null : blocks.getLast().getLast();
    if (last == null || last.context() != group.context() || last.speaker() != group.speaker()) {
      blocks.add(new ArrayList<>());
    }
    blocks.getLast().add(group);
    samePhone.computeIfAbsent(key(group), key -> new ArrayList<>()).add(group);
  }

  private static long key(Group group) {
    return ((long) group.context() << Integer.SIZE) | group.phone();
  }

  /// Number of triplets of groups.
  long count() {
    long count = 0;
    for (List<Group> block : blocks) {
      for (Group a : block) {
        count += (long) partners(a) * (block.size() - 1);
      }
    }
    return count;
  }

  /// Number of pairs of items that are compared; X with A once for all B, unless draws differ.
  long comparisons() {
    long count = 0;
    for (List<Group> block : blocks) {
      long all = block.stream().mapToLong(this::taken).sum();
      for (Group a : block) {
        int times = a.members().length > config.maxGroup() ? block.size() - 1 : 1;
        count += block.size() == 1 ? 0 : partners(a) * taken(a) * (all + (times - 1) * taken(a));
      }
    }
    return count;
  }

  private long taken(Group group) {
    return Math.min(group.members().length, config.maxGroup());
  }

  /// Number of groups that are X to an A.
  private int partners(Group a) {
    return across
        ? Math.min(samePhone.get(key(a)).size() - 1, config.maxSpeakers())
        : a.members().length > 1 ? 1 : 0;
  }

  /// Hands over all triplets, in an order and with draws that depend on the items and the seed
  /// alone.
  void forEach(Consumer<Row> consumer) {
    SeededSample random = new SeededSample(config.seed());
    for (List<Group> block : blocks) {
      for (Group a : block) {
        if (block.size() > 1 && partners(a) > 0) {
          rows(block, a, random, consumer);
        }
      }
    }
  }

  private void rows(List<Group> block, Group a, SeededSample random, Consumer<Row> consumer) {
    if (!across) {
      consumer.accept(within(block, a, random));
      return;
    }
    for (Group x : others(a, random)) {
      consumer.accept(across(block, a, x, random));
    }
  }

  private List<Group> others(Group a, SeededSample random) {
    List<Group> others =
        samePhone.get(key(a)).stream().filter(group -> group.speaker() != a.speaker()).toList();
    return others.size() <= config.maxSpeakers()
        ? others
        : IntStream.of(random.draw(others.size(), config.maxSpeakers()))
            .mapToObj(others::get)
            .toList();
  }

  /// Draws B before A, as the reference does.
  private Row within(List<Group> block, Group a, SeededSample random) {
    List<Triplet> triplets = new ArrayList<>();
    for (Group b : block) {
      if (b.phone() != a.phone()) {
        int[] itemsOfB = draw(b, random);
        int[] itemsOfA = draw(a, random);
        triplets.add(new Triplet(b.phone(), itemsOfA, itemsOfB, itemsOfA));
      }
    }
    return new Row(a.speaker(), a.phone(), true, triplets);
  }

  /// Draws A, then B, then X, as the reference does.
  private Row across(List<Group> block, Group a, Group x, SeededSample random) {
    List<Triplet> triplets = new ArrayList<>();
    for (Group b : block) {
      if (b.phone() != a.phone()) {
        int[] itemsOfA = draw(a, random);
        int[] itemsOfB = draw(b, random);
        triplets.add(new Triplet(b.phone(), itemsOfA, itemsOfB, draw(x, random)));
      }
    }
    return new Row(a.speaker(), a.phone(), false, triplets);
  }

  private int[] draw(Group group, SeededSample random) {
    int[] members = group.members();
    return members.length <= config.maxGroup()
        ? members
        : IntStream.of(random.draw(members.length, config.maxGroup()))
            .map(i -> members[i])
            .toArray();
  }
}
