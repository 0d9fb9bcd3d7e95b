#pragma once
#include <cmark.h>
#include <stdlib.h>
#include <string.h>

// Puts text in the place of raw HTML, which libcmark would else leave out: a runbook tells all that was written in it.
static inline void shim_show_raw_html(cmark_node *document) {
  cmark_iter *walk = cmark_iter_new(document);
  while (cmark_iter_next(walk) != CMARK_EVENT_DONE) {
    cmark_node *node = cmark_iter_get_node(walk);
    cmark_node_type type = cmark_node_get_type(node);
    if (type != CMARK_NODE_HTML_BLOCK && type != CMARK_NODE_HTML_INLINE) continue;
    const char *literal = cmark_node_get_literal(node);
    cmark_node *shown = NULL;
    if (type == CMARK_NODE_HTML_INLINE) {
      shown = cmark_node_new(CMARK_NODE_TEXT);
      cmark_node_set_literal(shown, literal);
    } else {
      // A paragraph of its lines.
      shown = cmark_node_new(CMARK_NODE_PARAGRAPH);
      char *copy = strdup(literal), *rest = copy, *line = NULL;
      while (copy && (line = strsep(&rest, "\n"))) {
        if (!*line) continue;
        if (cmark_node_first_child(shown)) cmark_node_append_child(shown, cmark_node_new(CMARK_NODE_LINEBREAK));
        cmark_node *words = cmark_node_new(CMARK_NODE_TEXT);
        cmark_node_set_literal(words, line);
        cmark_node_append_child(shown, words);
      }
      free(copy);
    }
    if (cmark_node_replace(node, shown)) cmark_node_free(node);
    else cmark_node_free(shown);
  }
  cmark_iter_free(walk);
}

// What a document is as HTML, with raw HTML as text and without links that run code; NULL where there is no memory.
static inline char *shim_markdown_to_html(const char *text, size_t length) {
  cmark_node *document = cmark_parse_document(text, length, CMARK_OPT_DEFAULT);
  if (!document) return NULL;
  shim_show_raw_html(document);
  char *html = cmark_render_html(document, CMARK_OPT_DEFAULT);
  cmark_node_free(document);
  return html;
}
