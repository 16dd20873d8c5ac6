using EdgeShelf.Pictures;
using EdgeShelf.Pictures.Alignment;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Slots;

/// <summary>The slots on a new view of the shelf, after somebody moved the camera.</summary>
/// <param name="Slots">The slots that the new view shows, where their goods are now, in their order.</param>
/// <param name="Lost">The names of the slots that the new view does not show.</param>
/// <param name="Reference">The picture of the new view.</param>
sealed record NewView(IReadOnlyList<Slot> Slots, IReadOnlyList<string> Lost, NewReference Reference)
{
    /// <summary>The number of decimals of a slot's edges: a hundredth of a pixel of a picture 1000 pixels wide.</summary>
    const int Decimals = 5;

    /// <summary>Takes a picture as the reference and leaves the slots where they are.</summary>
    /// <exception cref="PictureException">The frame is not a picture, or the picture is damaged.</exception>
    public static NewView Keep(SlotMap slots, Frame frame)
    {
        using Picture picture = PictureDecoder.Decode(frame);
        return new NewView(slots.Slots, [], ReferenceOf(frame, picture));
    }

    /// <summary>Moves the slots to where their goods are in a picture. It takes about as long as two decodes and half a second.</summary>
    /// <param name="reference">The picture on which the slots were drawn, as a JPEG or PNG.</param>
    /// <returns>Null if the two pictures have too little in common, or if the new one shows none of the slots.</returns>
    /// <exception cref="PictureException">One of the pictures cannot be decoded.</exception>
    public static NewView? Find(SlotMap slots, byte[] reference, Frame frame)
    {
        GreyPicture before = GreyOf(PictureDecoder.Decode(reference));
        using Picture picture = PictureDecoder.Decode(frame);
        if (ViewTransform.Find(before, GreyPicture.Of(picture, GreyPicture.FeatureSide)) is not { } view)
            return null;
        List<Slot> moved = [];
        List<string> lost = [];
        foreach ((Slot slot, Region? region) in slots.Slots.Zip(view.Map([.. slots.Slots.Select(slot => slot.Region)])))
        {
            if (region is { } place && Rounded(place) is var rounded && !SlotRules.ProblemsOf(rounded).Any())
                moved.Add(slot with { Region = rounded });
            else
                lost.Add(slot.Name);
        }
        return moved.Count == 0 ? null : new NewView(moved, lost, ReferenceOf(frame, picture));
    }

    static GreyPicture GreyOf(Picture picture)
    {
        using (picture)
            return GreyPicture.Of(picture, GreyPicture.FeatureSide);
    }

    static NewReference ReferenceOf(Frame frame, Picture picture) =>
        new(Thumbnail.WholeOf(frame), picture.FullSize.Width, picture.FullSize.Height, frame.CapturedAt);

    /// <summary>Edges are rounded, not sides, so that a slot at the picture's edge stays inside.</summary>
    static Region Rounded(Region region)
    {
        (double left, double top) = (Math.Round(region.X, Decimals), Math.Round(region.Y, Decimals));
        return new Region(left, top, Math.Round(Math.Round(region.Right, Decimals) - left, Decimals), Math.Round(Math.Round(region.Bottom, Decimals) - top, Decimals));
    }
}
