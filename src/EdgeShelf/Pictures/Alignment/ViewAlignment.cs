namespace EdgeShelf.Pictures.Alignment;

/// <summary>How a picture lies to the reference picture on which the slots were drawn.</summary>
/// <param name="Dx">The shift in fractions of the picture's width by which a region drawn on the reference must be moved. 0 if it is not aligned.</param>
/// <param name="Dy">The shift in fractions of the picture's height.</param>
/// <param name="Problem">Why the slots cannot follow, or `None`.</param>
readonly record struct ViewAlignment(double Dx, double Dy, AlignmentProblem Problem)
{
    /// <summary>Whether the slots lie where they should after the shift, to a tenth of the width of a typical place.</summary>
    public bool Ok => Problem == AlignmentProblem.None;

    /// <summary>
    /// Whether the picture shows that the camera was moved. It is false if the picture cannot be compared. A person close to the camera
    /// can look like another view, so several pictures should agree before this is reported.
    /// </summary>
    public bool IsMoved => Problem is AlignmentProblem.TurnedOrZoomed or AlignmentProblem.ShiftedTooFar or AlignmentProblem.AnotherView;

    /// <summary>The problem in words for logs and documents: `turned-or-zoomed`, `shifted-too-far`, `another-view`, `not-comparable`; null if there is none.</summary>
    public string? Reason => Problem switch
    {
        AlignmentProblem.TurnedOrZoomed => "turned-or-zoomed",
        AlignmentProblem.ShiftedTooFar => "shifted-too-far",
        AlignmentProblem.AnotherView => "another-view",
        AlignmentProblem.NotComparable => "not-comparable",
        _ => null,
    };
}

/// <summary>Why slots cannot follow a picture.</summary>
enum AlignmentProblem
{
    None,

    /// <summary>The picture is turned or zoomed against the reference, or seen from elsewhere, by more than a shift can make up for.</summary>
    TurnedOrZoomed,

    /// <summary>The picture is shifted by more than <see cref="ReferenceView.MaxShift"/>.</summary>
    ShiftedTooFar,

    /// <summary>The picture has structure, but nothing of the reference is in it, or it has other proportions.</summary>
    AnotherView,

    /// <summary>The picture, or the reference, has too little structure: it is dark, blank or covered.</summary>
    NotComparable,
}
