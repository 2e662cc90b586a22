/// Spoken microworlds: utterances, test words and intents whose meaning is known, from settings and
/// a seed.
package org.duovox.world;
