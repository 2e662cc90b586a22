package org.duovox.eval.ssimi;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.duovox.eval.PooledTokens;
import org.duovox.eval.Pooling;
import org.duovox.eval.SsimiData;

/// Submission folders as the systems of a choice.
///
/// @param folders by name, each with `semantic/SUBSET/TYPE` or `SUBSET/TYPE`
public record Submissions(Map<String, Path> folders) implements Systems {
  @Override
  public void require(Subset subset, SsimiData data) {
    folders.values().forEach(folder -> PooledTokens.requireFiles(data.tokens(), subset.of(folder)));
  }

  @Override
  public void each(
      Subset subset,
      SsimiData data,
      List<Pooling> poolings,
      BiConsumer<String, PooledTokens> sink) {
    folders.forEach((name, folder) ->
        PooledTokens.load(data.tokens(), subset.of(folder), poolings)
            .forEach(pooled -> sink.accept(name, pooled)));
  }

  @Override
  public PooledTokens of(String system, Subset subset, SsimiData data, Pooling pooling) {
    return PooledTokens.load(data.tokens(), subset.of(folders.get(system)), pooling);
  }
}
