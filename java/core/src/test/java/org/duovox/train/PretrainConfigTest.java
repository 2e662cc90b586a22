package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PretrainConfigTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "steps=-1",
        "steps=9000000000000",
        "batch_size=0",
        "batch_tokens=-1",
        "accumulation=64",
        "learning_rate=0",
        "learning_rate=.nan",
        "warmup=-2",
        "weight_decay=-0.1",
        "weight_decay=1e4",
        "clip=-1",
        "clip=.inf",
        "beta1=1",
        "beta2=-0.1",
        "epsilon=0",
        "mcp_weight=-1",
        "mcp_weight=1e38",
        "mcr_weight=1e38",
        "validation_fraction=0.6",
        "report_every=0",
        "slots=65",
        "threads=2000",
        "guards.max_skipped=0",
        "guards.spike_threshold=0.5",
        "checkpoints.keep=1",
        "checkpoints.every_minutes=0"
      })
  void whatIsOutOfRangeIsNamed(String setting) {
    DuovoxException e = assertThrows(DuovoxException.class, () -> ToyTraining.config(setting));
    assertEquals(Kind.BAD_CONFIG, e.kind());
    String name = setting.substring(0, setting.indexOf('='));
    String key = name.substring(name.indexOf('.') + 1);
    assertTrue(e.getMessage().contains(key), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mcp_weight=1e6", "beta1=0", "clip=0", "weight_decay=1000", "slots=64"})
  void theEndsOfARangeAreInIt(String setting) {
    ToyTraining.config(setting);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"steps=-1", "epochs=-3", "warmup=-2", "batch_tokens=-1", "report_every=0"})
  void placeRangeAndValueAreTold(String setting) {
    DuovoxException e = assertThrows(DuovoxException.class, () -> ToyTraining.config(setting));
    String[] parts = setting.split("=", -1);
    String message = e.getMessage();
    assertTrue(
        message.startsWith("--set pretrain." + parts[0] + ": pretrain: " + parts[0] + " must be "),
        message);
    assertTrue(message.endsWith(", but is " + parts[1]), message);
  }

  @Test
  void aDraftKeepsEverySettingAndTheDefaultsAreThoseDocumented() {
    PretrainConfig config =
        ToyTraining.config(
            "steps=7",
            "epochs=8",
            "batch_size=9",
            "batch_tokens=10",
            "accumulation=2",
            "learning_rate=0.5",
            "warmup=3",
            "weight_decay=0.25",
            "clip=4",
            "beta1=0.125",
            "beta2=0.625",
            "epsilon=0.0625",
            "mcp_weight=5",
            "mcr_weight=6",
            "masking.keep=0.1",
            "validation_fraction=0.375",
            "validation.patience=11",
            "checkpoints.keep=12",
            "guards.part_mib=13",
            "report_every=14",
            "slots=15",
            "threads=16",
            "seed=17",
            "mcr_target=feature",
            "match=flops");
    assertEquals(config, config.with(draft -> {}));
    assertEquals(
        "PretrainConfig[steps=0, epochs=40, batchSize=16, batchTokens=0, accumulation=1,"
            + " learningRate=1.0E-4, warmup=-1, weightDecay=0.01, clip=1.0, beta1=0.9, beta2=0.999,"
            + " epsilon=1.0E-8, mcpWeight=1.0, mcrWeight=1.0,",
        PretrainConfig.defaults().toString().replaceFirst(" masking.*", ""));
  }
}
