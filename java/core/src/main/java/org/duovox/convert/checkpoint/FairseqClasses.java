package org.duovox.convert.checkpoint;

import java.util.List;

/// Classes of settings, dictionaries and counters in checkpoints of fairseq, and those of
/// scikit-learn and joblib in its k-means files: only their content is kept.
final class FairseqClasses {
  static final String OMEGACONF = "omegaconf.";

  private FairseqClasses() {}

  static void register() {
    omegaconf();
    settings();
    AllowedClasses.inert("fairseq.data.dictionary", "Dictionary");
    for (String module : List.of("fairseq.meters", "fairseq.logging.meters")) {
      AllowedClasses.inert(
          module, "AverageMeter", "SumMeter", "TimeMeter", "StopwatchMeter", "MetersDict");
    }
    kMeans();
  }

  private static void settings() {
    AllowedClasses.inert(
        "fairseq.dataclass.configs",
        "FairseqConfig",
        "CommonConfig",
        "DistributedTrainingConfig",
        "DatasetConfig",
        "OptimizationConfig",
        "CheckpointConfig",
        "FairseqBMUFConfig",
        "GenerationConfig",
        "CommonEvalConfig",
        "EvalLMConfig",
        "InteractiveConfig",
        "EMAConfig");
    AllowedClasses.inert("fairseq.models.hubert.hubert", "HubertConfig");
    AllowedClasses.inert("fairseq.models.hubert.hubert_asr", "HubertCtcConfig", "HubertAsrConfig");
    AllowedClasses.inert("fairseq.models.wav2vec.wav2vec2", "Wav2Vec2Config");
    AllowedClasses.inert(
        "fairseq.models.wav2vec.wav2vec2_asr", "Wav2Vec2CtcConfig", "Wav2Vec2AsrConfig");
    AllowedClasses.inert("fairseq.tasks.hubert_pretraining", "HubertPretrainingConfig");
    AllowedClasses.inert("fairseq.tasks.audio_pretraining", "AudioPretrainingConfig");
    AllowedClasses.inert("fairseq.tasks.audio_finetuning", "AudioFinetuningConfig");
  }

  private static void omegaconf() {
    AllowedClasses.inert(OMEGACONF + "dictconfig", "DictConfig");
    AllowedClasses.inert(OMEGACONF + "listconfig", "ListConfig");
    AllowedClasses.inert(OMEGACONF + "base", "ContainerMetadata", "Metadata");
    AllowedClasses.inert(
        OMEGACONF + "nodes",
        "AnyNode",
        "StringNode",
        "IntegerNode",
        "FloatNode",
        "BooleanNode",
        "EnumNode",
        "PathNode");
  }

  private static void kMeans() {
    for (String module :
        List.of("sklearn.cluster._kmeans", "sklearn.cluster.k_means_", "sklearn.cluster")) {
      AllowedClasses.inert(module, "KMeans", "MiniBatchKMeans");
    }
    for (String module : List.of("joblib", "sklearn.externals.joblib")) {
      AllowedClasses.inert(module + ".numpy_pickle", "NumpyArrayWrapper");
    }
  }
}
