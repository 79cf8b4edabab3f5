#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vl::test {

/// One page of a made PDF.
struct MadePage {
  std::string content;                     // of the content stream
  std::string mediaBox = "[0 0 200 300]";  // points
  std::string more = {};                   // further entries of the page's dictionary
};

/// The content of a page with one line of text in Helvetica.
std::string textLine(const std::string& text, int x = 20, int y = 250);
/// The same page with a black square of 50 points in its lower left corner, and no text.
std::string blackSquare();

/// A small PDF 1.4 with these pages.
std::string madePdf(const std::vector<MadePage>& pages, const std::string& title = "");
/// The same, encrypted for a user's password (RC4, 40 bits: the handler every reader knows).
std::string lockedPdf(const std::string& text, const std::string& password);
/// A PDF of any objects, the first of which is number 1 and the catalog.
std::string pdfOf(const std::vector<std::string>& objects, const std::string& trailer = "");

}  // namespace vl::test
