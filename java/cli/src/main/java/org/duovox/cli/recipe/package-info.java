/// Verbs of recipes: run, demo, report.
package org.duovox.cli.recipe;
