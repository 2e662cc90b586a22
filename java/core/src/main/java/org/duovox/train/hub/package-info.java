/// A trained model as a folder for the Hugging Face Hub.
package org.duovox.train.hub;
