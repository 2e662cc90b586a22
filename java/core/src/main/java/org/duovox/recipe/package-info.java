/// A recipe from its YAML to its results: stages that are reused, folds, systems, evaluations.
package org.duovox.recipe;
