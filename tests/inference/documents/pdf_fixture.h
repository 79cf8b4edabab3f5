#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stop_token>
#include <string>

#include "inference/documents/pdf_document.h"

namespace vl::test {

/// Writes made files into a folder of its own and opens them.
class PdfTest : public testing::Test {
 protected:
  PdfTest() {
    std::string name = (std::filesystem::temp_directory_path() / "vl2-pdf-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  ~PdfTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& content, const std::string& name = "made.pdf") {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }

  Result<std::unique_ptr<Document>> open(const std::string& content,
                                         const std::string& password = {},
                                         const PdfReading& how = {}) {
    return openPdf(write(content), password, how, {});
  }

  /// A file that must open.
  std::unique_ptr<Document> need(const std::string& content, const std::string& password = {},
                                 const PdfReading& how = {}) {
    Result<std::unique_ptr<Document>> document = open(content, password, how);
    EXPECT_TRUE(document.has_value()) << document.error().what;
    return document ? std::move(*document) : nullptr;
  }

  std::filesystem::path folder_;
};

}  // namespace vl::test
