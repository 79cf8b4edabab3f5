// The images of SessionStore.

#include <filesystem>
#include <string>
#include <vector>

#include "tests/storage/session_store_fixture.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

class SessionImagesTest : public SessionStoreTest {};

TEST_F(SessionImagesTest, ImportsAnImageOnceHoweverOftenItIsGiven) {
  const std::string content = pngBytes("picture");
  writeFile(folder_ / "picture.png", content);
  const ImageRecord fromFile = need(store_->importImage(folder_ / "picture.png", {30, 20}));
  const ImageRecord fromBytes = need(store_->importImage(bytesOf(content), ImageSize{30, 20}));
  EXPECT_EQ(fromFile, fromBytes);
  EXPECT_EQ(fromFile.size, (ImageSize{30, 20}));
  EXPECT_EQ(fromFile.bytes, content.size());
  EXPECT_EQ(fromFile.mediaType, "image/png");
  EXPECT_EQ(readFile(need(store_->imagePath(fromFile))), content);
}

TEST_F(SessionImagesTest, NeedsTheOriginalNoMore) {
  writeFile(folder_ / "picture.png", pngBytes("picture"));
  const ImageRecord image = need(store_->importImage(folder_ / "picture.png", {30, 20}));
  const SessionId session = newSession();
  const Attachment picture = attach(image);
  ask(session, {&picture, 1});
  fs::remove(folder_ / "picture.png");
  reopen();
  const Attachment read = lastMessage(session).attachments.at(0);
  EXPECT_EQ(need(store_->readImage(read.image)).size(), image.bytes);
}

TEST_F(SessionImagesTest, RefusesAnImageWithoutArea) {
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument,
                        store_->importImage(bytesOf(pngBytes("a")), ImageSize{0, 10})));
}

TEST_F(SessionImagesTest, ADamagedImageIsAnErrorForThatImageOnly) {
  const SessionId session = newSession();
  const Attachment pictures[] = {attach(newImage("gone")), attach(newImage("cut")),
                                 attach(newImage("good"))};
  ask(session, pictures);
  fs::remove(need(store_->imagePath(pictures[0].image)));
  writeFile(need(store_->imagePath(pictures[1].image)), "cu");
  reopen();
  const std::vector<Attachment> read = lastMessage(session).attachments;
  ASSERT_EQ(read.size(), 3u);
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->imagePath(read[0].image)));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->readImage(read[0].image)));
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, store_->imagePath(read[1].image)));
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, store_->readImage(read[1].image)));
  EXPECT_TRUE(store_->readImage(read[2].image).has_value());
}

TEST_F(SessionImagesTest, RemovesUnusedImagesWhenItIsOpenedAndNotBefore) {
  const SessionId kept = newSession();
  const SessionId deleted = newSession();
  const Attachment shared = attach(newImage("shared"));
  const Attachment own = attach(newImage("own"));
  const ImageRecord neverSent = newImage("never sent");
  ask(kept, {&shared, 1});
  const Attachment both[] = {shared, own};
  ask(deleted, both);
  need(store_->deleteSession(deleted));
  EXPECT_TRUE(store_->imagePath(own.image).has_value());
  EXPECT_TRUE(store_->imagePath(neverSent).has_value());

  reopen();
  EXPECT_TRUE(store_->imagePath(shared.image).has_value());
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->imagePath(own.image)));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->imagePath(neverSent)));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->appendUserMessage(kept, "", {&own, 1})));
}

}  // namespace
}  // namespace vl
