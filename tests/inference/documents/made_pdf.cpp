#include "tests/inference/documents/made_pdf.h"

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <utility>

namespace vl::test {
namespace {

constexpr std::size_t kKeyBytes = 5;

std::string md5(const std::string& data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_md5(), nullptr);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

/// OpenSSL 3 keeps RC4 in a provider that need not be installed.
std::string rc4(const std::string& key, const std::string& data) {
  std::array<std::uint8_t, 256> state{};
  std::iota(state.begin(), state.end(), std::uint8_t{0});
  for (std::size_t i = 0, j = 0; i < state.size(); ++i) {
    j = (j + state[i] + static_cast<std::uint8_t>(key[i % key.size()])) % state.size();
    std::swap(state[i], state[j]);
  }
  std::string out;
  std::size_t i = 0;
  std::size_t j = 0;
  for (const char c : data) {
    i = (i + 1) % state.size();
    j = (j + state[i]) % state.size();
    std::swap(state[i], state[j]);
    const unsigned pad = state[(state[i] + state[j]) % state.size()];
    out += static_cast<char>(static_cast<unsigned char>(c) ^ pad);
  }
  return out;
}

/// Padding of passwords: PDF 1.7, 7.6.3.3.
std::string padded(const std::string& password) {
  static const std::string kPadding(
      "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08"
      "\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A",
      32);
  return (password + kPadding).substr(0, kPadding.size());
}

std::string hex(const std::string& bytes) {
  std::string out = "<";
  for (const char c : bytes) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned char>(c));
    out += digits.data();
  }
  return out + '>';
}

std::string stream(const std::string& content) {
  return "<< /Length " + std::to_string(content.size()) + " >>\nstream\n" + content + "\nendstream";
}

}  // namespace

std::string textLine(const std::string& text, int x, int y) {
  return "BT /F1 14 Tf " + std::to_string(x) + ' ' + std::to_string(y) + " Td (" + text +
         ") Tj ET\n";
}

std::string blackSquare() { return "0 g 0 0 50 50 re f\n"; }

std::string pdfOf(const std::vector<std::string>& objects, const std::string& trailer) {
  std::string pdf = "%PDF-1.4\n";
  std::vector<std::size_t> offsets;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    offsets.push_back(pdf.size());
    pdf += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const std::size_t table = pdf.size();
  pdf += "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
  for (const std::size_t offset : offsets) {
    std::array<char, 32> line{};
    std::snprintf(line.data(), line.size(), "%010zu 00000 n \n", offset);
    pdf += line.data();
  }
  return pdf + "trailer\n<< /Size " + std::to_string(objects.size() + 1) + " /Root 1 0 R " +
         trailer + " >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
}

std::string madePdf(const std::vector<MadePage>& pages, const std::string& title) {
  std::vector<std::string> objects{"<< /Type /Catalog /Pages 2 0 R >>", "",
                                   "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
                                   "<< /Title (" + title + ") >>"};
  std::string kids;
  for (const MadePage& page : pages) {
    const std::size_t number = objects.size() + 1;
    kids += std::to_string(number) + " 0 R ";
    objects.push_back("<< /Type /Page /Parent 2 0 R /MediaBox " + page.mediaBox +
                      " /Resources << /Font << /F1 3 0 R >> >> /Contents " +
                      std::to_string(number + 1) + " 0 R " + page.more + " >>");
    objects.push_back(stream(page.content));
  }
  objects[1] =
      "<< /Type /Pages /Count " + std::to_string(pages.size()) + " /Kids [" + kids + "] >>";
  return pdfOf(objects, "/Info 4 0 R");
}

std::string lockedPdf(const std::string& text, const std::string& password) {
  const std::string id = "0123456789abcdef";
  const std::string owner = rc4(md5(padded(password)).substr(0, kKeyBytes), padded(password));
  const std::string permissions = "\xff\xff\xff\xff";
  const std::string key = md5(padded(password) + owner + permissions + id).substr(0, kKeyBytes);
  constexpr char kContentObject = 5;
  const std::string objectKey =
      md5(key + std::string{kContentObject, 0, 0, 0, 0}).substr(0, kKeyBytes + 5);
  return pdfOf({"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
                "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
                std::string("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] ") +
                    "/Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
                stream(rc4(objectKey, textLine(text))),
                "<< /Filter /Standard /V 1 /R 2 /O " + hex(owner) + " /U " +
                    hex(rc4(key, padded(""))) + " /P -1 >>"},
               "/Encrypt 6 0 R /ID [" + hex(id) + hex(id) + "]");
}

}  // namespace vl::test
