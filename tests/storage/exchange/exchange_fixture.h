#pragma once

#include <string>
#include <vector>

#include "storage/exchange/session_json.h"
#include "tests/storage/session_store_fixture.h"

namespace vl {

/// A session with everything there is: branches, images, boxes, what a person says about them,
/// summaries, settings, a folder, hostile text.
class ExchangeTest : public SessionStoreTest {
 protected:
  void SetUp() override {
    SessionSettings settings{"Cats & <dogs>", "/models/tiny", "Tiny", "Be brief."};
    session_ = need(store_->createSession(settings)).id;
    const std::vector<Attachment> pictures = {attach(newImage("one", {200, 100}), "one & two.png"),
                                              attach(newImage("two", {30, 40}), "../two.png")};
    const MessageId asked =
        need(store_->appendUserMessage(session_, "<|ref|>the cats<|/ref|>.", pictures));
    AnswerSummary summary;
    summary.seed = 18446744073709551615ull;
    summary.decodeMs = 512.1;
    const MessageId described =
        answer("A <|ref|>cat<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|> with **bold** text.",
               {MessageState::Complete, "", summary});
    const MessageId edited = need(store_->appendUserMessage(session_, "Again\xff?", {}, asked));
    answer("broken \xe7\x8c", {MessageState::Failed, "No memory \"left\".", {}});
    const MessageId interrupted = answer("line\none\0two", {MessageState::Stopped, "", {}});
    need(store_->showBranch(asked));
    need(store_->setSessionContext(session_, {asked, false}));
    need(store_->pinSession(session_, true));
    const std::vector<GroundedBox> changed = {box("cat, moved", 1, {5, 6, 7, 8.5})};
    need(store_->editBoxes(described, changed));
    need(store_->editBoxes(interrupted, {}));  // all of them removed
    need(store_->recordCrop(pictures[1].image.sha256, {pictures[0].image.sha256, 170, 60, 30, 40}));
    AnswerSettings answers;
    answers.sampling.temperature = 0.7;
    answers.sampling.seed = 18446744073709551615ull;
    answers.contextTokens = 1000;
    answers.threads = 3;
    need(store_->setAnswerSettings(session_, answers));
    need(store_->moveSession(session_, need(store_->createFolder("Pets \xff")).id));
    static_cast<void>(edited);
  }

  MessageId answer(std::string_view text, const AnswerOutcome& outcome) {
    const std::vector<GroundedBox> boxes = {box("cat <b>", 0, {1, 2.5, 3, 999}),
                                            box("dog", 1, {0, 0, 1, 1})};
    const MessageId id = need(store_->beginAnswer(session_));
    need(store_->finishAnswer(id, text, boxes, outcome));
    return id;
  }

  /// Storage does not decode: the size is that of the record.
  Result<ImageSize> measured(std::span<const std::byte> encoded) const {
    return encoded.size() == pngBytes("one").size() && encoded.back() == std::byte{'e'}
               ? ImageSize{200, 100}
               : ImageSize{30, 40};
  }
  MeasureImage measure() const {
    return [this](std::span<const std::byte> encoded) { return measured(encoded); };
  }

  SessionId session_{};
};

}  // namespace vl
