namespace Countersign.EndToEnd.Refusals;

/// <summary>The test has a client as close as possible to one that gets this id, and it must not get it. Countersign.Rules wants one for every id.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class InnocentAttribute(string id) : Attribute
{
    public string Id => id;
}
