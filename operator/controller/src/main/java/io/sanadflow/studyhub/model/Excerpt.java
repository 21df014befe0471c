package io.sanadflow.studyhub.model;

/** What of a user's text a message shows: a status has no room for a text without end. */
final class Excerpt {

  private static final int MOST_CHARACTERS = 100;

  private Excerpt() {}

  static String of(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
  }
}
