#include "storage/box_edits.h"

#include <vector>

#include "tests/storage/session_store_fixture.h"

namespace vl {
namespace {

class BoxEditsTest : public SessionStoreTest {
 protected:
  MessageId newAnswer() {
    session_ = newSession();
    const std::vector<Attachment> images{{newImage("one"), "one.png"}};
    ask(session_, images);
    const MessageId answer = need(store_->beginAnswer(session_));
    const std::vector<GroundedBox> boxes{box("dog", 0, {1, 2, 3, 4})};
    need(store_->finishAnswer(answer, "raw", boxes, {}));
    return answer;
  }

  SessionId session_{};
};

TEST_F(BoxEditsTest, StandBesideWhatTheModelSaid) {
  const MessageId answer = newAnswer();
  EXPECT_EQ(need(store_->editedBoxes(answer)), std::nullopt);
  const std::vector<GroundedBox> edited{box("cat", 0, {10.125, 20, 30, 40.75}),
                                        box("", 3, {0, 0, 999, 999})};
  need(store_->editBoxes(answer, edited));
  reopen();
  EXPECT_EQ(need(store_->editedBoxes(answer)), edited);
  ASSERT_EQ(lastMessage(session_).boxes.size(), 1u);
  EXPECT_EQ(lastMessage(session_).boxes[0].label, "dog");
}

TEST_F(BoxEditsTest, ReplaceEachOtherAndGoWithAReset) {
  const MessageId answer = newAnswer();
  need(store_->editBoxes(answer, std::vector{box("a", 0, {}), box("b", 0, {})}));
  need(store_->editBoxes(answer, std::vector{box("c", 0, {})}));
  EXPECT_EQ(need(store_->editedBoxes(answer))->size(), 1u);
  need(store_->resetBoxes(answer));
  EXPECT_EQ(need(store_->editedBoxes(answer)), std::nullopt);
}

TEST_F(BoxEditsTest, RemovingAllBoxesIsAnEdit) {
  const MessageId answer = newAnswer();
  need(store_->editBoxes(answer, {}));
  reopen();
  EXPECT_EQ(need(store_->editedBoxes(answer)), std::vector<GroundedBox>());
}

TEST_F(BoxEditsTest, ABoxOutsideTheGridChangesNothing) {
  const MessageId answer = newAnswer();
  need(store_->editBoxes(answer, std::vector{box("a", 0, {1, 1, 2, 2})}));
  EXPECT_FALSE(store_->editBoxes(answer, std::vector{box("b", 0, {0, 0, 1000, 5})}));
  EXPECT_EQ(need(store_->editedBoxes(answer))->front().label, "a");
}

TEST_F(BoxEditsTest, GoWithTheirAnswer) {
  const MessageId answer = newAnswer();
  need(store_->editBoxes(answer, std::vector{box("a", 0, {})}));
  need(store_->removeMessagesFrom(answer));
  EXPECT_EQ(need(store_->editedBoxes(answer)), std::nullopt);
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->editBoxes(answer, {})));
}

TEST_F(BoxEditsTest, ACropRemembersItsPlaceAfterARestart) {
  const ImageRecord whole = newImage("whole");
  const ImageRecord part = newImage("part");
  const CropPlace first{whole.sha256, 10, 20, 30, 40};
  const CropPlace second{whole.sha256, 50, 20, 30, 40};
  need(store_->recordCrop(part.sha256, first));
  need(store_->recordCrop(part.sha256, first));  // cut out once more
  need(store_->recordCrop(part.sha256, second));
  const SessionId session = newSession();
  ask(session, std::vector<Attachment>{{whole, "whole.png"}, {part, "part.png"}});
  reopen();
  EXPECT_EQ(need(store_->cropPlaces(part.sha256)), (std::vector{first, second}));
  EXPECT_TRUE(need(store_->cropPlaces(whole.sha256)).empty());
}

TEST_F(BoxEditsTest, ACropOfAnImageThatIsNotInTheStoreIsRefused) {
  const ImageRecord part = newImage("part");
  EXPECT_FALSE(store_->recordCrop(part.sha256, {Sha256{}, 0, 0, 1, 1}));
  EXPECT_FALSE(store_->recordCrop(part.sha256, {part.sha256, 0, 0, 0, 1}));
}

TEST_F(BoxEditsTest, ImagesThatNothingUsesGoWithWhatIsKnownAboutThem) {
  const ImageRecord whole = newImage("whole");
  const ImageRecord part = newImage("part");
  need(store_->recordCrop(part.sha256, {whole.sha256, 0, 0, 5, 5}));
  reopen();  // no message uses either
  EXPECT_TRUE(need(store_->cropPlaces(part.sha256)).empty());
  EXPECT_FALSE(store_->imagePath(whole));
}

}  // namespace
}  // namespace vl
