using EdgeShelf.Pictures;
using EdgeShelf.Pictures.Alignment;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Pictures.Alignment;

/// <summary>How frames are told to lie to the reference picture: a bay of a real shop, moved by known amounts, and two real scenes.</summary>
public sealed class ReferenceViewTests
{
    static readonly string Bay = Path.Combine(AppContext.BaseDirectory, "Pictures", "Bay", "bay.jpg");

    static readonly Lazy<ReferenceView> Reference = new(() => ReferenceOf(Bay));

    [Theory]
    [InlineData(0, 0, 1, 0, 90)]
    [InlineData(1, 0, 1, 0, 90)]
    [InlineData(-2, 3, 1, 0, 50)]
    [InlineData(7, -5, 0.67, 0, 90)]
    [InlineData(13, 13, 1, 0.5, 90)]
    [InlineData(-20, 20, 0.33, 0, 50)]
    [InlineData(40, -40, 1, 0.7, 90)]
    [InlineData(-40, 40, 0.67, 0.5, 50)]
    [InlineData(100, 60, 1, 0, 90)]
    public void AShiftIsFollowedAlsoInTheDarkAndHalfCovered(int right, int down, double light, double covered, int quality)
    {
        using SKBitmap bay = SKBitmap.Decode(Bay);
        (double dx, double dy) = ((double)right / bay.Width, (double)down / bay.Height);

        ViewAlignment alignment = Align(new MovedView(dx, dy, Light: light, Covered: covered, Quality: quality));

        Assert.True(alignment.Ok, alignment.Reason);
        // A quarter of the error that is allowed: a tenth of a place's width is 0.004.
        Assert.InRange(alignment.Dx, dx - 0.001, dx + 0.001);
        Assert.InRange(alignment.Dy, dy - 0.001, dy + 0.001);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(-1, 1)]
    [InlineData(2, 1)]
    [InlineData(5, 1)]
    [InlineData(0, 0.9)]
    [InlineData(0, 0.98)]
    [InlineData(0, 1.02)]
    [InlineData(0, 1.15)]
    [InlineData(1, 1.02)]
    public void ATurnOrAZoomIsNotTakenForAShift(double degrees, double zoom)
    {
        foreach (MovedView view in new MovedView[] { new(), new(Dx: 0.03, Light: 0.67, Quality: 50), new(Covered: 0.5) })
        {
            ViewAlignment alignment = Align(view with { Degrees = degrees, Zoom = zoom });

            Assert.True(alignment.IsMoved, $"{view}: {alignment}");
            Assert.Equal((0, 0), (alignment.Dx, alignment.Dy));
        }
    }

    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(-0.1, 1)]
    [InlineData(0, 1.005)]
    [InlineData(0, 0.995)]
    public void ATurnOrAZoomThatMovesNoPlaceByATenthOfItsWidthIsAShift(double degrees, double zoom) =>
        Assert.True(Align(new MovedView(0.003, Degrees: degrees, Zoom: zoom)).Ok);

    [Fact]
    public void ATurnIsNamed() => Assert.Equal("turned-or-zoomed", Align(new MovedView(Degrees: 1.5)).Reason);

    [Theory]
    [InlineData(0.2, 0)]
    [InlineData(0, -0.17)]
    public void AShiftThatLosesManyPlacesIsNotFollowed(double dx, double dy) => Assert.Equal("shifted-too-far", Align(new MovedView(dx, dy)).Reason);

    [Fact]
    public void WhatCannotBeComparedIsNotCalledMoved()
    {
        foreach (byte[] picture in new[] { PicturesOf.Plain(SKColors.Gray, 1032, 769), PicturesOf.Plain(SKColors.Black, 1032, 769) })
        {
            using Picture blank = PictureDecoder.Decode(picture);
            ViewAlignment alignment = Reference.Value.Align(GreyPicture.Of(blank, GreyPicture.ShiftSide));

            Assert.Equal((false, false, "not-comparable"), (alignment.Ok, alignment.IsMoved, alignment.Reason));
        }
        using Picture scene = new MovedView().Of(Bay);
        using Picture plain = PictureDecoder.Decode(PicturesOf.Plain(SKColors.Gray, 1032, 769));
        ReferenceView withoutStructure = ReferenceView.Of(plain);
        Assert.False(withoutStructure.IsUsable);
        Assert.Equal("not-comparable", withoutStructure.Align(GreyPicture.Of(scene, GreyPicture.ShiftSide)).Reason);
    }

    [Fact]
    public void AnotherSceneAndOtherProportionsAreAnotherView()
    {
        using Picture scene = PictureDecoder.Decode(PicturesOf.Scene(1032, 769)), tall = PictureDecoder.Decode(PicturesOf.Scene(769, 1032));

        Assert.Equal("another-view", Reference.Value.Align(GreyPicture.Of(scene, GreyPicture.ShiftSide)).Reason);
        Assert.Equal("another-view", Reference.Value.Align(GreyPicture.Of(tall, GreyPicture.ShiftSide)).Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.08)]
    [InlineData(-0.1)]
    public void WhereTheLastFrameLayDoesNotDecideWhereThisOneLies(double last)
    {
        using Picture picture = new MovedView(0.02, 0.01).Of(Bay);

        ViewAlignment alignment = Reference.Value.Align(GreyPicture.Of(picture, GreyPicture.ShiftSide), new ViewAlignment(last, 0, AlignmentProblem.None));

        Assert.InRange(alignment.Dx, 0.019, 0.021);
        Assert.InRange(alignment.Dy, 0.009, 0.011);
    }

    [Fact]
    public void AReferenceFromAReducedDecodeFitsAFullFrame()
    {
        byte[] jpeg = PicturesOf.Scene(2400, 1600);
        using Picture reduced = PictureDecoder.Decode(jpeg), full = PictureDecoder.Decode(jpeg, [new EdgeShelf.Shelf.Region(0, 0, 0.01, 0.01)], 224);
        Assert.True(reduced.Width < full.Width);

        ViewAlignment alignment = ReferenceView.Of(reduced).Align(GreyPicture.Of(full, GreyPicture.ShiftSide));

        Assert.True(alignment.Ok, alignment.Reason);
        Assert.InRange(Math.Max(Math.Abs(alignment.Dx), Math.Abs(alignment.Dy)), 0, 0.001);
    }

    [Fact]
    public void HandsAndMovedBottlesBeforeAStillCameraMoveNothing()
    {
        string film = Path.Combine(Shelves(), "bottles");
        string[] frames = [.. Directory.EnumerateFiles(film, "*.jpg").Order(StringComparer.Ordinal)];
        Assert.Equal(74, frames.Length);
        ReferenceView reference = ReferenceOf(frames[0]);
        ViewAlignment last = default;
        foreach (string frame in frames)
        {
            using Picture picture = PictureDecoder.Decode(File.ReadAllBytes(frame));
            last = reference.Align(GreyPicture.Of(picture, GreyPicture.ShiftSide), last);

            Assert.True(last.Ok, $"{Path.GetFileName(frame)}: {last.Reason}");
            Assert.InRange(Math.Max(Math.Abs(last.Dx), Math.Abs(last.Dy)), 0, 0.002);
        }
    }

    [Fact]
    public void ACameraThatWasMovedInARealShopIsNoticed()
    {
        string bags = Path.Combine(Shelves(), "bags");
        ReferenceView reference = ReferenceOf(Path.Combine(bags, "shelf.jpg"));
        using SKBitmap view = SKBitmap.Decode(Path.Combine(bags, "view-1.jpg"));
        // Also in the proportions of the reference.
        for (int top = -1; top <= 600; top = top < 0 ? 0 : top + 200)
        {
            using SKBitmap part = new(view.Width, top < 0 ? view.Height : (int)Math.Round(view.Width * 1538.0 / 2063));
            using (SKCanvas canvas = new(part))
                canvas.DrawBitmap(view, 0, -Math.Max(top, 0), SKSamplingOptions.Default);
            using SKData png = part.Encode(SKEncodedImageFormat.Png, 100);
            using Picture picture = PictureDecoder.Decode(png.ToArray());

            Assert.True(reference.Align(GreyPicture.Of(picture, GreyPicture.ShiftSide)).IsMoved);
        }
    }

    internal static string Shelves()
    {
        Assert.SkipUnless(Checkout.ShelfPictures is not null, "the pictures of real shelves are not here (EDGESHELF_SHELVES)");
        return Checkout.ShelfPictures;
    }

    static ViewAlignment Align(MovedView view)
    {
        using Picture picture = view.Of(Bay);
        return Reference.Value.Align(GreyPicture.Of(picture, GreyPicture.ShiftSide));
    }

    static ReferenceView ReferenceOf(string file)
    {
        using Picture picture = PictureDecoder.Decode(File.ReadAllBytes(file));
        return ReferenceView.Of(picture);
    }
}
