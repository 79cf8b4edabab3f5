#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "storage/annotations/read_annotations.h"
#include "storage/annotations/write_annotations.h"

namespace vl {
namespace {

std::vector<AnnotatedImage> twoImages() {
  return {{"dog.jpg",
           {640, 480},
           {{"dog", {10.5, 20.25, 110.125, 220}}, {"a \"big\", <cat> & co", {0, 0, 640, 480}}}},
          {"\xe7\x8c\xab.png", {100, 50}, {{"dog", {1, 2, 3, 4}}, {"\xe7\x8c\xab", {5, 6, 5, 6}}}}};
}

/// Boxes as they come from the model's grid: no number is round.
std::vector<AnnotatedImage> randomImages(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<AnnotatedImage> images;
  for (int i = 0; i < 3; ++i) {
    const ImageSize size{int(1 + random() % 12000), int(1 + random() % 12000)};
    AnnotatedImage image{"image " + std::to_string(i) + ".png", size, {}};
    for (int b = 0; b < 20; ++b) {
      const auto x = [&] { return double(random() % 1000) / 999 * size.width; };
      const auto y = [&] { return double(random() % 1000) / 999 * size.height; };
      const double x1 = x(), x2 = x(), y1 = y(), y2 = y();
      image.boxes.push_back(
          {"label " + std::to_string(random() % 5),
           {std::min(x1, x2), std::min(y1, y2), std::max(x1, x2), std::max(y1, y2)}});
    }
    images.push_back(std::move(image));
  }
  return images;
}

void expectRead(const std::string& text, const std::vector<AnnotatedImage>& expected,
                double tolerance) {
  const auto read = readAnnotations(text);
  ASSERT_TRUE(read) << read.error().what;
  ASSERT_EQ(read->size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ((*read)[i].fileName, expected[i].fileName);
    EXPECT_EQ((*read)[i].size, expected[i].size);
    ASSERT_EQ((*read)[i].boxes.size(), expected[i].boxes.size());
    for (std::size_t b = 0; b < expected[i].boxes.size(); ++b) {
      EXPECT_EQ((*read)[i].boxes[b].label, expected[i].boxes[b].label);
      const PixelBox& was = expected[i].boxes[b].box;
      const PixelBox& is = (*read)[i].boxes[b].box;
      EXPECT_NEAR(is.x1, was.x1, tolerance);
      EXPECT_NEAR(is.y1, was.y1, tolerance);
      EXPECT_NEAR(is.x2, was.x2, tolerance);
      EXPECT_NEAR(is.y2, was.y2, tolerance);
    }
  }
}

TEST(Annotations, CocoComesBackAsItWas) {
  // x + (x2 - x1) is rounded twice at most, at up to 12000
  const double rounding = 2 * 12000 * std::numeric_limits<double>::epsilon();
  expectRead(cocoJson(twoImages()), twoImages(), rounding);
  for (unsigned seed = 0; seed < 20; ++seed) {
    expectRead(cocoJson(randomImages(seed)), randomImages(seed), rounding);
  }
}

TEST(Annotations, LabelMeComesBackToTheBit) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    for (const AnnotatedImage& image : randomImages(seed)) {
      expectRead(labelMeJson(image), {image}, 0);
    }
  }
  for (const AnnotatedImage& image : twoImages()) expectRead(labelMeJson(image), {image}, 0);
}

TEST(Annotations, CocoHasWhatItsReadersAskFor) {
  const auto coco = nlohmann::json::parse(cocoJson(twoImages()));
  EXPECT_EQ(coco.at("images").at(1).at("file_name"), "\xe7\x8c\xab.png");
  EXPECT_EQ(coco.at("categories").size(), 3u);
  const auto& first = coco.at("annotations").at(0);
  EXPECT_EQ(first.at("bbox"), nlohmann::json::parse("[10.5, 20.25, 99.625, 199.75]"));
  EXPECT_EQ(first.at("area"), 99.625 * 199.75);
  EXPECT_EQ(first.at("iscrowd"), 0);
  EXPECT_EQ(first.at("image_id"), coco.at("images").at(0).at("id"));
  EXPECT_EQ(first.at("category_id"), coco.at("annotations").at(2).at("category_id"));
}

TEST(Annotations, YoloCountsClassesFromZeroAndGivesShares) {
  const std::vector<AnnotatedImage> images = twoImages();
  const std::vector<std::string> classes = classesOf(images);
  EXPECT_EQ(classes, (std::vector<std::string>{"dog", "a \"big\", <cat> & co", "\xe7\x8c\xab"}));
  const AnnotatedImage simple{"a.png", {200, 100}, {{"dog", {50, 20, 150, 60}}}};
  EXPECT_EQ(yoloText(simple, classes), "0 0.5 0.4 0.5 0.4\n");
}

TEST(Annotations, PascalVocCountsPixelsFromOneAndEscapes) {
  const std::string xml = pascalVocXml(twoImages().front());
  EXPECT_NE(xml.find("<name>a \"big\", &lt;cat&gt; &amp; co</name>"), std::string::npos);
  EXPECT_NE(xml.find("<xmin>11</xmin><ymin>21</ymin><xmax>111</xmax><ymax>220</ymax>"),
            std::string::npos)
      << xml;
  EXPECT_NE(xml.find("<xmin>1</xmin><ymin>1</ymin><xmax>640</xmax><ymax>480</ymax>"),
            std::string::npos);
}

TEST(Annotations, CsvQuotesWhatNeedsIt) {
  const std::string csv = annotationsCsv(twoImages());
  EXPECT_TRUE(
      csv.starts_with("image,width,height,label,x1,y1,x2,y2\r\n"
                      "dog.jpg,640,480,dog,10.5,20.25,110.125,220\r\n"));
  EXPECT_NE(csv.find("\"a \"\"big\"\", <cat> & co\""), std::string::npos);
}

TEST(Annotations, BrokenUtf8InLabelsBreaksNoFile) {
  const AnnotatedImage image{"a.png", {10, 10}, {{"caf\xe9\x01", {1, 1, 2, 2}}}};
  EXPECT_TRUE(readAnnotations(cocoJson(std::vector{image})));
  EXPECT_TRUE(readAnnotations(labelMeJson(image)));
  EXPECT_NE(pascalVocXml(image).find("<name>caf\xEF\xBF\xBD </name>"), std::string::npos);
}

TEST(Annotations, PascalVocHasNoCharactersThatXmlHasNot) {
  const AnnotatedImage image{"a.png", {10, 10}, {{"a\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd", {}}}};
  EXPECT_NE(pascalVocXml(image).find("<name>a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd</name>"),
            std::string::npos);
}

TEST(Annotations, WithoutBoxesTheFilesAreValid) {
  const AnnotatedImage image{"a.png", {10, 10}, {}};
  expectRead(cocoJson(std::vector{image}), {image}, 0);
  expectRead(labelMeJson(image), {image}, 0);
  EXPECT_EQ(yoloText(image, {}), "");
}

struct Hostile {
  const char* name;
  std::string text;
  ErrorCode code;
  const char* says;
};

std::string coco(const std::string& annotation, const std::string& size = "10, \"height\": 10") {
  return R"({"images": [{"id": 1, "file_name": "a.png", "width": )" + size +
         R"(}], "categories": [{"id": 1, "name": "x"}], "annotations": [)" + annotation + "]}";
}

std::string labelMe(const std::string& shape) {
  return R"({"imagePath": "a.png", "imageWidth": 10, "imageHeight": 10, "shapes": [)" + shape +
         "]}";
}

class HostileAnnotations : public testing::TestWithParam<Hostile> {};

TEST_P(HostileAnnotations, AreRefusedWithASentence) {
  const auto read = readAnnotations(GetParam().text);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, GetParam().code);
  EXPECT_NE(read.error().what.find(GetParam().says), std::string::npos) << read.error().what;
  EXPECT_EQ(read.error().what.back(), '.');
}

INSTANTIATE_TEST_SUITE_P(
    Files, HostileAnnotations,
    testing::Values(
        Hostile{"Empty", "", ErrorCode::Corrupt, "no JSON"},
        Hostile{"CutOff", R"({"images": [)", ErrorCode::Corrupt, "no JSON"},
        Hostile{"Other", R"({"a": 1})", ErrorCode::Unsupported, "neither"},
        Hostile{"List", "[1, 2]", ErrorCode::Unsupported, "neither"},
        Hostile{"Deep", std::string(100000, '['), ErrorCode::Corrupt, "too deep"},
        Hostile{"DeepInside", coco(std::string(60, '[') + std::string(60, ']')), ErrorCode::Corrupt,
                "too deep"},
        Hostile{"UnknownImage", coco(R"({"image_id": 2, "category_id": 1, "bbox": [1,1,1,1]})"),
                ErrorCode::Corrupt, "an image that the file lacks"},
        Hostile{"UnknownCategory", coco(R"({"image_id": 1, "category_id": 9, "bbox": [1,1,1,1]})"),
                ErrorCode::Corrupt, "a category that the file lacks"},
        Hostile{"ThreeNumbers", coco(R"({"image_id": 1, "category_id": 1, "bbox": [1,1,1]})"),
                ErrorCode::Corrupt, "no bbox"},
        Hostile{"WordsForNumbers", coco(R"({"image_id": 1, "category_id": 1, "bbox": "1,1,1,1"})"),
                ErrorCode::Corrupt, "no bbox"},
        Hostile{"NegativeSize", coco(R"({"image_id": 1, "category_id": 1, "bbox": [5,5,-2,1]})"),
                ErrorCode::Corrupt, "negative"},
        Hostile{"Outside", coco(R"({"image_id": 1, "category_id": 1, "bbox": [5,5,50,1]})"),
                ErrorCode::Corrupt, "out of its image"},
        Hostile{"Huge", coco(R"({"image_id": 1, "category_id": 1, "bbox": [1e308,1,1e308,1]})"),
                ErrorCode::Corrupt, ""},
        Hostile{"ImageWithoutSize", coco("", "0, \"height\": 10"), ErrorCode::Corrupt, "lacks"},
        Hostile{"ImageTooLarge", coco("", "1e18, \"height\": 10"), ErrorCode::Corrupt, "lacks"},
        Hostile{"Polygon", labelMe(R"({"label": "x", "points": [[1,1],[2,2],[3,1]]})"),
                ErrorCode::Unsupported, "no rectangle"},
        Hostile{"OneCorner",
                labelMe(R"({"label": "x", "shape_type": "rectangle", "points": [[1,1]]})"),
                ErrorCode::Corrupt, "two corners"},
        Hostile{"CornerOfWords",
                labelMe(R"({"label": "x", "shape_type": "rectangle", "points": [["a",1],[2,2]]})"),
                ErrorCode::Corrupt, "no pair of numbers"},
        Hostile{"NoLabel", labelMe(R"({"shape_type": "rectangle", "points": [[1,1],[2,2]]})"),
                ErrorCode::Corrupt, "label"}),
    [](const auto& hostile) { return std::string(hostile.param.name); });

TEST(Annotations, RoundingOutOfTheImageIsForgiven) {
  const auto read = readAnnotations(
      coco(R"({"image_id": 1, "category_id": 1, "bbox": [-0.4, 0, 10.8, 10.0000001]})"));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->front().boxes.front().box, (PixelBox{0, 0, 10, 10}));
}

TEST(Annotations, FileNamesLoseTheirFolders) {
  const auto read = readAnnotations(
      R"({"imagePath": "..\\..\\secret/a.png", "imageWidth": 1, "imageHeight": 1, "shapes": []})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->front().fileName, "a.png");
}

}  // namespace
}  // namespace vl
