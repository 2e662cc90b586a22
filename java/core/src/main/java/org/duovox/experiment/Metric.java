package org.duovox.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.duovox.eval.compare.PairScore.Statistic;
import org.duovox.recipe.StageName.Type;

/// What cells are compared by.
enum Metric {
  /// Area under the ROC curve for word pairs that mean alike.
  @JsonProperty("auc")
  AUC("AUC", "words"),
  /// 100 x Spearman's correlation with the gold similarity.
  @JsonProperty("spearman")
  SPEARMAN("100 x Spearman", "words"),
  /// Accuracy of the fine-tuned classifier.
  @JsonProperty("finetune")
  FINETUNE("fine-tuned accuracy", "utterances"),
  /// Accuracy of the linear probe.
  @JsonProperty("probe")
  PROBE("probe accuracy", "utterances");

  private final String label;
  private final String items;

  Metric(String label, String items) {
    this.label = label;
    this.items = items;
  }

  /// Returns the name in results.
  String label() {
    return label;
  }

  /// Returns what is counted.
  String items() {
    return items;
  }

  /// Returns whether it scores words.
  boolean ofWords() {
    return this == AUC || this == SPEARMAN;
  }

  /// Returns the statistic of word pairs.
  Statistic statistic() {
    return this == AUC ? Statistic.AUC : Statistic.SPEARMAN;
  }

  /// Returns whether a task of a recipe's rows is the one that this metric is about.
  boolean isOf(String task) {
    Type type = this == FINETUNE ? Type.FINETUNE : Type.PROBE;
    return !ofWords() && task.endsWith("(" + type.classifier() + ")");
  }
}
