using EdgeShelf.Pictures;
using EdgeShelf.Pictures.Alignment;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Recognition.Slots;

/// <summary>The reference picture of the slots in force, decoded once for each picture.</summary>
sealed class ReferenceViews(PlanStore plan, ILogger<ReferenceViews> log)
{
    (string Sha256, ReferenceView? View)? _known;

    /// <summary>Returns the view of the slots' reference picture, or null if there is none or it cannot be read; the slots then stay where they are.</summary>
    public ReferenceView? Of(SlotMap slots)
    {
        if (slots.Reference is not { } reference)
            return null;
        if (_known is not { } known || known.Sha256 != reference.Sha256)
            _known = known = (reference.Sha256, Load());
        return known.View;
    }

    /// <summary>Keeps a frame as the reference picture of slots that have none. A failure is logged, and the next picture is tried.</summary>
    public void Adopt(Frame frame, ImageInfo image)
    {
        try
        {
            plan.SetReference(new NewReference(Thumbnail.WholeOf(frame), image.Width, image.Height, frame.CapturedAt), PlanSource.Device);
        }
        catch (EdgeShelfException problem)
        {
            log.ReferenceNotKept(problem.Message, problem.Hint);
        }
    }

    ReferenceView? Load()
    {
        if (plan.ReferencePicture() is not { } bytes)
            return null;
        try
        {
            using Picture picture = PictureDecoder.Decode(bytes);
            return ReferenceView.Of(picture);
        }
        catch (PictureException problem)
        {
            log.ReferenceNotRead(problem.Message);
            return null;
        }
    }
}
