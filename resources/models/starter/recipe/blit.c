/* Helpers of the generator: alpha blending of glyphs, cut-outs and rectangles into an RGB image; labels; edit distance. */
#include <stdint.h>

typedef uint8_t u8;

static inline u8 mix(u8 below, u8 above, int alpha) {
    int value = below * (255 - alpha) + above * alpha + 128;
    return (u8)((value + (value >> 8)) >> 8);
}

/* Glyph table: five ints per character 32..126: offset into masks, width, height, left, top (above the baseline). */
void draw_text(u8 *image, int width, int height, const u8 *masks, const int *glyphs, const u8 *codes, const float *pen,
               int count, int baseline, const u8 *ink) {
    for (int i = 0; i < count; i++) {
        const int *glyph = glyphs + 5 * (codes[i] - 32);
        const u8 *mask = masks + glyph[0];
        int left = (int)(pen[i] + 0.5f) + glyph[3], top = baseline - glyph[4];
        for (int row = 0; row < glyph[2]; row++, mask += glyph[1]) {
            int y = top + row;
            if (y < 0 || y >= height) continue;
            for (int column = 0; column < glyph[1]; column++) {
                int x = left + column, alpha = mask[column];
                if (!alpha || x < 0 || x >= width) continue;
                u8 *pixel = image + 3 * ((long)y * width + x);
                for (int c = 0; c < 3; c++) pixel[c] = mix(pixel[c], ink[c], alpha);
            }
        }
    }
}

void draw_sprite(u8 *image, int width, int height, const u8 *rgba, int sprite_width, int sprite_height, int left, int top) {
    for (int row = 0; row < sprite_height; row++) {
        int y = top + row;
        if (y < 0 || y >= height) continue;
        for (int column = 0; column < sprite_width; column++) {
            int x = left + column;
            const u8 *source = rgba + 4 * ((long)row * sprite_width + column);
            if (!source[3] || x < 0 || x >= width) continue;
            u8 *pixel = image + 3 * ((long)y * width + x);
            for (int c = 0; c < 3; c++) pixel[c] = mix(pixel[c], source[c], source[3]);
        }
    }
}

void fill_rectangle(u8 *image, int width, int height, int left, int top, int right, int bottom, const u8 *colour, int alpha) {
    if (left < 0) left = 0;
    if (top < 0) top = 0;
    if (right > width) right = width;
    if (bottom > height) bottom = height;
    for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++) {
            u8 *pixel = image + 3 * ((long)y * width + x);
            for (int c = 0; c < 3; c++) pixel[c] = mix(pixel[c], colour[c], alpha);
        }
}

/* Labels: the characters whose centre lies in each patch, in the order given, at most `slots` a patch (0 = none, else code - 31). */
void label_characters(const u8 *codes, const float *x, const float *y, int count, int grid, float patch, int slots, u8 *labels) {
    for (int i = 0; i < count; i++) {
        int column = (int)(x[i] / patch), row = (int)(y[i] / patch);
        if (x[i] < 0 || y[i] < 0 || column >= grid || row >= grid) continue;
        u8 *cell = labels + (row * grid + column) * slots;
        for (int s = 0; s < slots; s++)
            if (!cell[s]) { cell[s] = codes[i] - 31; break; }
    }
}

/* Levenshtein distance; `row` has room for length_b + 1 numbers. */
int edit_distance(const int *a, int length_a, const int *b, int length_b, int *row) {
    for (int j = 0; j <= length_b; j++) row[j] = j;
    for (int i = 1; i <= length_a; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= length_b; j++) {
            int above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);
            if (above + 1 < best) best = above + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            row[j] = best;
            diagonal = above;
        }
    }
    return row[length_b];
}
