#include "app/cli/compare_prompts.h"

#include <algorithm>
#include <utility>

#include "app/cli/model_folder.h"
#include "app/evaluation/suite.h"

namespace vl {
namespace {

struct Question {
  std::vector<const char*> pictures;
  const char* text;
};

}  // namespace

Result<std::vector<ChatMessage>> builtInPrompts() {
  const std::vector<Question> questions{
      {{"notice.png"}, "Read the text in the image."},
      {{"notice.png"}, "<|ref|>Closed on Sunday<|/ref|>"},
      {{"notice.png"}, "What is this notice about?"},
      {{"receipt.png"}, "Read the text in the image."},
      {{"receipt.png"}, "What is the total?"},
      {{"receipt.png"}, "<|grounding|>Locate the total."},
      {{"shapes.png"}, "Describe this image."},
      {{"shapes.png"}, "<|grounding|>Describe this image with boxes."},
      {{"shapes.png"}, "<|ref|>the blue star<|/ref|>"},
      {{"shapes.png"}, "How many shapes are there?"},
      {{"shapes.png"}, "Is there a dog in the image?"},
      {{"receipt.png", "notice.png"}, "Which image shows a receipt?"},
      {{}, "Hello! What can you do?"},
      {{}, "Write one sentence about the sea."},
  };
  const Result<std::filesystem::path> folder = samplesFolder();
  if (!folder) return folder.error();
  std::vector<ChatMessage> prompts;
  for (const Question& question : questions) {
    std::vector<std::filesystem::path> pictures;
    for (const char* name : question.pictures) pictures.push_back(*folder / name);
    prompts.push_back(userMessage(pictures, question.text));
  }
  return prompts;
}

Result<std::vector<ChatMessage>> suitePrompts(const std::filesystem::path& suite,
                                              std::size_t most) {
  Result<std::vector<SuiteItem>> items = readSuite(suite);
  if (!items) return items.error();
  const std::size_t count = std::min(most, items->size());
  std::vector<ChatMessage> prompts;
  for (std::size_t i = 0; i < count; ++i) {
    prompts.push_back(std::move((*items)[i * items->size() / count].question));
  }
  return prompts;
}

}  // namespace vl
