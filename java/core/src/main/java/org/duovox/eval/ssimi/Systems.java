package org.duovox.eval.ssimi;

import java.util.List;
import java.util.function.BiConsumer;
import org.duovox.eval.PooledTokens;
import org.duovox.eval.Pooling;
import org.duovox.eval.SsimiData;

/// What a choice is made among: systems of known names that give vectors of spoken words, such as
/// the layers and channels of a model.
public interface Systems {
  /// Refuses a subset of whose words one is missing, before anything is computed.
  void require(Subset subset, SsimiData data);

  /// Computes the vectors of all systems, one system after the other.
  ///
  /// @param sink takes the name of a system and its vectors, for each pooling
  void each(
      Subset subset, SsimiData data, List<Pooling> poolings, BiConsumer<String, PooledTokens> sink);

  /// Computes the vectors of one system, to the last digit those that a reader of its submission
  /// finds.
  PooledTokens of(String system, Subset subset, SsimiData data, Pooling pooling);
}
